import { createApp } from 'vue'
import 'element-plus/es/components/base/style/css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/dialog/style/css'
import 'element-plus/es/components/drawer/style/css'
import 'element-plus/es/components/tree-select/style/css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/styles/tokens.css'
import '@/styles/base.css'
import '@/styles/controls.css'
import '@/styles/table.css'
import '@/styles/print.css'
import App from '@/App.vue'
import { connection } from '@/api/client'
import { i18n } from '@/i18n'
import { router } from '@/router'
import { languageStart } from '@/state/appearance'
import { liveStop } from '@/state/live'
import { session, sessionForget } from '@/state/session'

languageStart()

connection.onSignedOut = () => {
  if (!session.person) return
  sessionForget()
  liveStop()
  void router.push({ path: '/sign-in', query: { expired: '1', next: router.currentRoute.value.fullPath } })
}

createApp(App).use(i18n).use(router).mount('#app')
