// Accounts whose settlement waits with a reason.
import { pair } from './pair'

export const words = pair(
  {
    held: {
      title: '等待的账户',
      explain: '这些户的结算、分摊或下发在等一个原因消除; 系统会自动重试, 其他户照常进行。',
      none: '没有等待的账户。',
      of_account: '结算等待中: {reason}。系统会自动重试。',
    },
  },
  {
    held: {
      title: 'Waiting accounts',
      explain: 'Settlement, sharing or a top-up of these accounts waits for a reason to go away. They are tried again by themselves; all others go on.',
      none: 'No account waits.',
      of_account: 'Settlement waits: {reason}. It is tried again by itself.',
    },
  },
)
