// Late fees on unpaid bills.
import { pair } from './pair'

export const words = pair(
  {
    late: {
      fee: '违约金',
      waived: '已减免 {amount}',
    },
  },
  {
    late: {
      fee: 'Late fee',
      waived: '{amount} waived',
    },
  },
)
