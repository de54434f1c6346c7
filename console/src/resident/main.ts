import { createApp } from 'vue'
import '@/styles/tokens.css'
import '@/styles/base.css'
import './resident.css'
import { connection } from '@/api/client'
import ResidentApp from './ResidentApp.vue'
import { languageStart } from './look'
import { router } from './router'
import { session } from './session'
import { i18n } from './words'

languageStart()

connection.onSignedOut = () => {
  session.here = null
  if (router.currentRoute.value.path !== '/bind') void router.push({ path: '/bind', query: { expired: '1' } })
}

createApp(ResidentApp).use(i18n).use(router).mount('#app')
