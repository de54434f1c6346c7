// The tree of pages: who sees which, in what order. Routes, side bar and Ctrl+K read it.

export interface Page {
  name: string
  path: string
  /** Right needed to be offered the page; the server enforces it again. */
  right: string
}

export interface PageGroup {
  name: string
  pages: Page[]
}

export const PAGE_GROUPS: PageGroup[] = [
  {
    name: 'overview',
    pages: [
      { name: 'overview', path: '/overview', right: 'overview.read' },
      { name: 'board', path: '/board', right: 'overview.read' },
    ],
  },
  {
    name: 'monitor',
    pages: [
      { name: 'meters', path: '/meters', right: 'devices.read' },
      { name: 'usage', path: '/usage', right: 'devices.read' },
      { name: 'reports', path: '/reports', right: 'devices.read' },
      { name: 'loss', path: '/loss', right: 'devices.read' },
      { name: 'completeness', path: '/completeness', right: 'devices.read' },
    ],
  },
  {
    name: 'alarms',
    pages: [
      { name: 'events', path: '/events', right: 'devices.read' },
      { name: 'messages', path: '/messages', right: 'money.read' },
      { name: 'notices', path: '/notices', right: 'money.read' },
    ],
  },
  {
    name: 'reading',
    pages: [
      { name: 'tasks', path: '/tasks', right: 'devices.read' },
      { name: 'plans', path: '/plans', right: 'devices.read' },
      { name: 'lines', path: '/concentrators', right: 'devices.read' },
      { name: 'topology', path: '/topology', right: 'devices.read' },
      { name: 'commands', path: '/commands', right: 'commands.read' },
      { name: 'set_aside', path: '/set-aside', right: 'devices.read' },
      { name: 'explainer', path: '/explainer', right: 'devices.read' },
    ],
  },
  {
    name: 'revenue',
    pages: [
      { name: 'cash_desk', path: '/cash-desk', right: 'payments.write' },
      { name: 'shifts', path: '/shifts', right: 'payments.write' },
      { name: 'bank', path: '/bank', right: 'settlement.run' },
      { name: 'customers', path: '/customers', right: 'money.read' },
      { name: 'bills', path: '/bills', right: 'money.read' },
      { name: 'payments', path: '/payments', right: 'money.read' },
      { name: 'refunds', path: '/refunds', right: 'money.read' },
      { name: 'channel_orders', path: '/channel-orders', right: 'money.read' },
      { name: 'suspense', path: '/suspense', right: 'money.read' },
      { name: 'daily_close', path: '/daily-close', right: 'money.read' },
      { name: 'arrears', path: '/arrears', right: 'money.read' },
      { name: 'settlement', path: '/settlement', right: 'money.read' },
      { name: 'account_groups', path: '/groups', right: 'money.read' },
      { name: 'tariffs', path: '/tariffs', right: 'money.read' },
      { name: 'revenue', path: '/revenue', right: 'money.read' },
      { name: 'ledger', path: '/ledger', right: 'money.read' },
      { name: 'approvals', path: '/approvals', right: 'money.read' },
      { name: 'invoices', path: '/invoices', right: 'money.read' },
      { name: 'templates', path: '/templates', right: 'money.read' },
    ],
  },
  {
    name: 'archive',
    pages: [
      { name: 'places', path: '/places', right: 'devices.read' },
      { name: 'profiles', path: '/profiles', right: 'devices.read' },
    ],
  },
  {
    name: 'system',
    pages: [
      { name: 'people', path: '/people', right: 'people.write' },
      { name: 'integrations', path: '/integrations', right: 'integrations.write' },
      { name: 'settings', path: '/settings', right: 'settings.write' },
      { name: 'audit', path: '/audit', right: 'audit.read' },
      { name: 'health', path: '/health', right: 'devices.read' },
    ],
  },
]

export const PAGES: Page[] = PAGE_GROUPS.flatMap((group) => group.pages)

/** Tabs of pages that Ctrl+K finds by their own names. `label` is the key of that name. */
export const PAGE_TABS: { page: string; tab: string; label: string }[] = [
  { page: 'arrears', tab: 'batches', label: 'cut.tabs.batches' },
  { page: 'arrears', tab: 'protected', label: 'cut.tabs.protected' },
  { page: 'arrears', tab: 'rules', label: 'cut.tabs.rules' },
  { page: 'bank', tab: 'suspense', label: 'bank.suspense' },
  { page: 'refunds', tab: 'closings', label: 'closing.list' },
  { page: 'settlement', tab: 'waiting', label: 'held.title' },
  { page: 'shifts', tab: 'undos', label: 'shift.undos' },
  { page: 'shifts', tab: 'deposits', label: 'shift.deposits' },
  { page: 'messages', tab: 'templates', label: 'message.tabs.templates' },
  { page: 'messages', tab: 'recipients', label: 'message.tabs.recipients' },
  { page: 'ledger', tab: 'periods', label: 'books.tabs.periods' },
  { page: 'ledger', tab: 'transfers', label: 'books.tabs.transfers' },
  { page: 'integrations', tab: 'try', label: 'integration.tabs.try' },
  { page: 'integrations', tab: 'endpoints', label: 'integration.tabs.endpoints' },
  { page: 'integrations', tab: 'deliveries', label: 'integration.tabs.deliveries' },
]

/** Line drawings on a 24-unit grid, one per page. */
export const PAGE_ICONS: Record<string, string> = {
  overview: 'M4 13h7V4H4v9Zm0 7h7v-4H4v4Zm9 0h7v-9h-7v9Zm0-16v4h7V4h-7Z',
  board: 'M4 4h4v4H4V4Zm6 0h4v4h-4V4Zm6 0h4v4h-4V4ZM4 10h4v4H4v-4Zm6 0h4v4h-4v-4Zm6 0h4v4h-4v-4ZM4 16h4v4H4v-4Zm6 0h4v4h-4v-4Zm6 0h4v4h-4v-4Z',
  meters: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 9 4-3M8 16h8',
  usage: 'M4 20h16M6 20v-7m4 7V9m4 11v-9m4 9V5',
  completeness: 'M4 6h16v14H4V6Zm0 4h16M8 3v4m8-4v4m-8 8 2 2 5-4',
  tasks: 'M4 5h10M4 12h7M4 19h7m4-3 2 2 4-5M17 4v4m-2-2h4',
  plans: 'M4 6h16v14H4V6Zm0 4h16M8 3v4m8-4v4m-4 6v3l2 1',
  lines: 'M9 3h6v5H9V3Zm3 5v4M4 16h4v4H4v-4Zm6 0h4v4h-4v-4Zm6 0h4v4h-4v-4ZM6 16v-4h12v4m-6-4v4',
  topology: 'M4 4h5v4H4V4Zm2 4v10h5m0-3h5v5h-5v-5M6 11h5m0-2h5v4h-5V9',
  reports: 'M5 3h10l4 4v14H5V3Zm3 9h8m-8 4h8M8 8h4',
  loss: 'M4 5h16l-6 7v6l-4 2v-8L4 5Z',
  commands: 'M4 12h12m-4-5 5 5-5 5M20 5v14',
  explainer: 'M8 6 3 12l5 6m8-12 5 6-5 6M13.5 5l-3 14',
  set_aside: 'M4 5h16v14H4V5Zm8 3.5v4m0 3v.2',
  cash_desk: 'M3 7h18v11H3V7Zm9 3a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM6 10v.1M18 15v.1',
  bank: 'M3 9l9-5 9 5H3Zm2 3v6m4-6v6m6-6v6m4-6v6M3 20h18',
  shifts: 'M4 5h16v14H4V5Zm0 5h16M9 5v14m3-6h5m-5 3h3',
  customers: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-3.5 2.7-6 6-6s6 2.5 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5m2 3.5c2 .8 3 2.8 3 5.5',
  bills: 'M6 3h12v18l-3-2-3 2-3-2-3 2V3Zm3 5h6m-6 4h6',
  payments: 'M4 7h16M4 7l3-3M4 7l3 3m13 7H4m16 0-3-3m3 3-3 3',
  refunds: 'M9 5 4 10l5 5M4 10h10a6 6 0 0 1 6 6v3',
  suspense: 'M6 3h12M6 21h12M8 3v4l4 5 4-5V3M8 21v-4l4-5 4 5v4',
  channel_orders: 'M7 3h10v18H7V3Zm3 14h4M10 7h4m-4 3h4',
  daily_close: 'M4 6h7m-7 4h7m-7 4h4m5-8 2 2 5-5M13 15l2 2 5-5M4 20h16',
  arrears: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3 3',
  settlement: 'M5 4h14v16H5V4Zm3 4h8m-8 4h3m2 0h3m-8 4h3m2 0h3',
  tariffs: 'M4 12V4h8l8 8-8 8-8-8Zm4.5-4v.1',
  account_groups: 'M4 4h7v7H4V4Zm9 0h7v7h-7V4ZM4 13h7v7H4v-7Zm12.5 0v7M13 16.5h7',
  revenue: 'M4 20h16M5 16l4-5 4 3 6-8m0 0h-4m4 0v4',
  ledger: 'M12 4v16M5 8h14M5 8l-2 6h5L5 8Zm14 0-3 6h5l-2-6Z',
  approvals: 'M5 20h14M8 16h8v-3l-2-2V7a2 2 0 1 0-4 0v4l-2 2v3Z',
  invoices: 'M6 3h12v18H6V3Zm3 5h6m-6 4h6m-6 4h3m3 0 1 1 2-3',
  templates: 'M5 3h10l4 4v14H5V3Zm10 0v4h4M8 11h8m-8 3h8m-8 3h5',
  events: 'M12 4a5 5 0 0 0-5 5v4l-2 3h14l-2-3V9a5 5 0 0 0-5-5Zm-2 15a2 2 0 0 0 4 0',
  messages: 'M4 6h16v12H4V6Zm0 1 8 6 8-6',
  notices: 'M4 5h16v11H9l-4 4v-4H4V5Zm4 4h8m-8 3h5',
  places: 'M4 20V8l6-4 6 4v12M16 20V11l4 2v7M3 20h18M8 10h4m-4 4h4',
  profiles: 'M5 3h14v18H5V3Zm3 4h8v5H8V7Zm0 9h3m2 0h3',
  people: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 10c0-4 3-7 7-7s7 3 7 7',
  integrations: 'M9 3v6M15 3v6M6 9h12v3a6 6 0 0 1-12 0V9Zm6 9v4',
  settings: 'M4 7h9m4 0h3M4 17h3m4 0h9M15 5v4M9 15v4',
  audit: 'M6 3h9l4 4v14H6V3Zm3 8h7m-7 4h7m-7-8h3',
  health: 'M3 12h4l2-6 4 12 2-6h6',
}
