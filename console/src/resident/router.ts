import { createRouter, createWebHistory } from 'vue-router'
import { BASE_PATH } from '@/state/base'
import { store } from '@/state/storage'
import { orderUnderWay } from './pay'
import { demoEnter, session, sessionRead } from './session'

export const router = createRouter({
  history: createWebHistory(`${BASE_PATH}/resident`),
  routes: [
    { path: '/', component: () => import('./pages/HomePage.vue'), meta: { tab: 'home' } },
    { path: '/bind', component: () => import('./pages/BindPage.vue'), meta: { open: true } },
    { path: '/top-up', component: () => import('./pages/PayPage.vue'), meta: { tab: 'pay' } },
    { path: '/orders/:id(\\d+)', component: () => import('./pages/OrderPage.vue'), meta: { tab: 'pay' } },
    { path: '/usage', component: () => import('./pages/UsagePage.vue'), meta: { tab: 'usage' } },
    { path: '/bills/:id(\\d+)', component: () => import('./pages/BillPage.vue'), meta: { tab: 'usage' } },
    { path: '/hot', component: () => import('./pages/HotPage.vue'), meta: { tab: 'hot' } },
    { path: '/me', component: () => import('./pages/MePage.vue'), meta: { tab: 'me' } },
    { path: '/wechat', component: () => import('./pages/WechatPage.vue'), meta: { open: true } },
    { path: '/pay', component: () => import('./pages/LinkPage.vue'), meta: { open: true } },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
  scrollBehavior: () => ({ top: 0 }),
})

// Channels come back to /resident: whoever left to pay is led to what became of it.
router.beforeEach(async (to) => {
  if (to.path === '/' && to.query.demo !== undefined) {
    store('order', null)
    await demoEnter()
    return '/'
  }
  if (to.path === '/') {
    const path = orderUnderWay.take()
    if (path) return path
  }
  if (to.meta.open) return true
  if (!session.asked) await sessionRead()
  return session.here ? true : '/bind'
})
