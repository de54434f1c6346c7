// Late fees on unpaid bills: what a price says of them, what a bill owes, what is waived.
import { pair } from './pair'

export const words = pair(
  {
    late: {
      fee: '违约金',
      waived: '已减免 {amount}',
      way: '逾期',
      ways: { none: '不收违约金', daily: '按日收取' },
      rate_day: '日费率',
      rate_day_later_year: '跨年后日费率',
      minimum: '最低 (元)',
      cap: '上限 (欠费的比例)',
      grace_days: '宽限 (天)',
      hint: '日费率写小数: 千分之一写 0.001。从缴费截止日 (加宽限) 的次日起, 到缴费当日止; 上限 1 即不超过欠费本金, 不填则不封顶。',
      waive: '减免违约金…',
      waive_title: '减免账单 {number} 的违约金',
      waive_amount: '减免金额',
      waive_reason: '原因',
      waive_explain: '由另一人审批后生效; 之后新产生的违约金不在减免之内。',
      waive_submit: '提交审批',
      waive_asked: '已提交, 等待另一人审批',
    },
  },
  {
    late: {
      fee: 'Late fee',
      waived: '{amount} waived',
      way: 'Paid late',
      ways: { none: 'No late fee', daily: 'So much a day' },
      rate_day: 'Rate a day',
      rate_day_later_year: 'Rate a day, later years',
      minimum: 'At least (yuan)',
      cap: 'At most (share of the debt)',
      grace_days: 'Grace (days)',
      hint: 'Rates are decimals: 0.001 is 0.1 % a day. Counted from the day after the due day (and the grace) up to the day of payment. A share of 1 is the whole unpaid amount; empty: no limit.',
      waive: 'Waive the late fee…',
      waive_title: 'Waive the late fee of bill {number}',
      waive_amount: 'Amount to waive',
      waive_reason: 'Reason',
      waive_explain: 'Takes effect once another person has approved it; fees of later days are not part of it.',
      waive_submit: 'Ask for approval',
      waive_asked: 'Asked for; another person has to approve it',
    },
  },
)
