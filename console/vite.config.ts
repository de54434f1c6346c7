import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

// What the heads of both documents share.
const pageHead: Plugin = {
  name: 'page-head',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace('    <!-- page_head.html -->\n', () => readFileSync(fileURLToPath(new URL('./page_head.html', import.meta.url)), 'utf8')),
  },
}

// The server answers /api/v1; everything else is the console. During development the
// calls go to the mock (npm run mock) or to a real server named by METERWORKS_SERVER.
export default defineConfig({
  plugins: [vue(), pageHead],
  base: '/',
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2021',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      // The console and the residents' page: two documents, one set of shared pieces.
      input: [fileURLToPath(new URL('./index.html', import.meta.url)), fileURLToPath(new URL('./resident.html', import.meta.url))],
      output: {
        manualChunks(id: string) {
          if (/node_modules\/(echarts|zrender|tslib)\//.test(id)) return 'charts'
          if (/node_modules\/(vue|@vue|vue-router|vue-i18n|@intlify)\//.test(id)) return 'frame'
          return undefined
        },
      },
    },
  },
  server: {
    host: '127.0.0.1', // a bare machine may not know the name localhost
    port: 5173,
    proxy: { '/api': { target: process.env.METERWORKS_SERVER ?? 'http://127.0.0.1:8099', changeOrigin: false } },
  },
})
