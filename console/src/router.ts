import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { PAGES } from '@/navigation'
import { BASE_PATH } from '@/state/base'
import { clockKnow } from '@/state/clock'
import { districtEntrance, districtKnow } from '@/state/district'
import { landingPath, may, session, sessionRestore } from '@/state/session'

const LOADERS: Record<string, () => Promise<unknown>> = {
  overview: () => import('@/pages/OverviewPage.vue'),
  board: () => import('@/pages/BoardPage.vue'),
  meters: () => import('@/pages/MetersPage.vue'),
  usage: () => import('@/pages/UsagePage.vue'),
  completeness: () => import('@/pages/CompletenessPage.vue'),
  reports: () => import('@/pages/ReportsPage.vue'),
  loss: () => import('@/pages/LossPage.vue'),
  tasks: () => import('@/pages/TasksPage.vue'),
  plans: () => import('@/pages/PlansPage.vue'),
  lines: () => import('@/pages/LinesPage.vue'),
  topology: () => import('@/pages/TopologyPage.vue'),
  commands: () => import('@/pages/CommandsPage.vue'),
  explainer: () => import('@/pages/ExplainerPage.vue'),
  set_aside: () => import('@/pages/SetAsidePage.vue'),
  cash_desk: () => import('@/pages/CashDeskPage.vue'),
  bank: () => import('@/pages/BankPage.vue'),
  shifts: () => import('@/pages/ShiftsPage.vue'),
  customers: () => import('@/pages/CustomersPage.vue'),
  tariffs: () => import('@/pages/TariffsPage.vue'),
  settlement: () => import('@/pages/SettlementPage.vue'),
  bills: () => import('@/pages/BillsPage.vue'),
  invoices: () => import('@/pages/InvoicesPage.vue'),
  templates: () => import('@/pages/TemplatesPage.vue'),
  refunds: () => import('@/pages/RefundsPage.vue'),
  payments: () => import('@/pages/PaymentsPage.vue'),
  channel_orders: () => import('@/pages/PaymentOrdersPage.vue'),
  suspense: () => import('@/pages/SuspensePage.vue'),
  daily_close: () => import('@/pages/DailyClosePage.vue'),
  arrears: () => import('@/pages/ArrearsPage.vue'),
  approvals: () => import('@/pages/ApprovalsPage.vue'),
  account_groups: () => import('@/pages/GroupsPage.vue'),
  revenue: () => import('@/pages/RevenuePage.vue'),
  ledger: () => import('@/pages/LedgerPage.vue'),
  events: () => import('@/pages/EventsPage.vue'),
  messages: () => import('@/pages/MessagesPage.vue'),
  notices: () => import('@/pages/NoticesPage.vue'),
  places: () => import('@/pages/PlacesPage.vue'),
  profiles: () => import('@/pages/ProfilesPage.vue'),
  people: () => import('@/pages/PeoplePage.vue'),
  integrations: () => import('@/pages/IntegrationsPage.vue'),
  settings: () => import('@/pages/SettingsPage.vue'),
  audit: () => import('@/pages/AuditPage.vue'),
  health: () => import('@/pages/HealthPage.vue'),
}

const DETAILS: RouteRecordRaw[] = [
  { path: '/meters/:id(\\d+)', name: 'meter', component: () => import('@/pages/MeterPage.vue'), meta: { right: 'devices.read', within: 'meters' } },
  { path: '/concentrators/:id(\\d+)', name: 'line', component: () => import('@/pages/LinePage.vue'), meta: { right: 'devices.read', within: 'lines' } },
  { path: '/tasks/:id(\\d+)', name: 'task', component: () => import('@/pages/TaskPage.vue'), meta: { right: 'devices.read', within: 'tasks' } },
  { path: '/bank/:id(\\d+)', name: 'bank_statement', component: () => import('@/pages/BankStatementPage.vue'), meta: { right: 'settlement.run', within: 'bank' } },
  { path: '/shifts/:id(\\d+)', name: 'shift', component: () => import('@/pages/ShiftPage.vue'), meta: { right: 'payments.write', within: 'shifts' } },
  { path: '/customers/:id(\\d+)', name: 'customer', component: () => import('@/pages/CustomerPage.vue'), meta: { right: 'money.read', within: 'customers' } },
  { path: '/accounts/:id(\\d+)', name: 'account', component: () => import('@/pages/AccountPage.vue'), meta: { right: 'money.read', within: 'customers' } },
  { path: '/bills/:id(\\d+)', name: 'bill', component: () => import('@/pages/BillPage.vue'), meta: { right: 'money.read', within: 'bills' } },
  { path: '/ledger/accounts/:id(\\d+)', name: 'ledger_account', component: () => import('@/pages/LedgerAccountPage.vue'), meta: { right: 'money.read', within: 'ledger' } },
  { path: '/ledger/transfers/:id(\\d+)', name: 'transfer', component: () => import('@/pages/TransferPage.vue'), meta: { right: 'money.read', within: 'ledger' } },
  { path: '/arrears/batches/:id(\\d+)', name: 'cut_off_batch', component: () => import('@/pages/CutOffBatchPage.vue'), meta: { right: 'money.read', within: 'arrears' } },
  { path: '/groups/:id(\\d+)', name: 'group', component: () => import('@/pages/GroupPage.vue'), meta: { right: 'money.read', within: 'account_groups' } },
  { path: '/settlement/:id(\\d+)', name: 'settlement_run', component: () => import('@/pages/SettlementRunPage.vue'), meta: { right: 'money.read', within: 'settlement' } },
  { path: '/profiles/:name([a-z0-9_-]+)', name: 'profile', component: () => import('@/pages/ProfilePage.vue'), meta: { right: 'devices.read', within: 'profiles' } },
  { path: '/tariffs/:id(\\d+)', name: 'tariff', component: () => import('@/pages/TariffPage.vue'), meta: { right: 'money.read', within: 'tariffs' } },
]

const routes: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign_in', component: () => import('@/pages/SignInPage.vue'), meta: { open: true } },
  {
    path: '/',
    component: () => import('@/components/AppLayout.vue'),
    children: [
      { path: '', redirect: () => landingPath() },
      ...PAGES.map((page) => ({ path: page.path, name: page.name, component: LOADERS[page.name], meta: { right: page.right, within: page.name } })),
      ...DETAILS,
      { path: ':rest(.*)*', name: 'lost', component: () => import('@/pages/LostPage.vue') },
    ],
  },
]

export const router = createRouter({
  history: createWebHistory(`${BASE_PATH}/`),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
})

async function sessionKnow(): Promise<void> {
  if (session.known) return
  try {
    await sessionRestore()
  } catch {
    session.known = true
  }
}

router.beforeEach(async (to, from) => {
  await Promise.all([sessionKnow(), clockKnow(), districtKnow()])
  const entrance = districtEntrance()
  if (entrance !== null) {
    window.location.replace(entrance + to.fullPath)
    return false
  }
  if (to.meta.open) return session.person ? landingPath() : true
  if (!session.person) return { path: '/sign-in', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (typeof to.meta.right === 'string' && !may(to.meta.right)) return landingPath() === to.path ? true : landingPath()
  // The scope follows the person through every page until it is changed.
  if (from.query.area && to.query.area === undefined && to.path !== from.path) {
    return { path: to.path, query: { ...to.query, area: from.query.area }, hash: to.hash }
  }
  return true
})
