import { pair } from './pair'

export const words = pair(
  {
    public_meter: {
      title: '公共表分摊',
      explain: '这块公共表每天的费用, 按比例分给下面的户, 分到分, 合计不差。公共表自己不欠费, 也不会停供。',
      begin: '还没有分摊户。加入后, 这块表成为公共表: 它的费用全部由分摊户承担。',
      weight: '比例',
      part: '占比',
      shared: '已分摊',
      add: '加入分摊户…',
      account: '分摊户的表',
      weight_hint: '只看相对大小: 1 与 2 表示三分之一和三分之二',
      change: '修改比例',
      remove: '移出',
      remove_effect: '{name} 从下一次计费起不再分摊, 其余户承担它的部分。已分摊的不变。',
      saved: '已保存, 从下一次计费起生效',
    },
  },
  {
    public_meter: {
      title: 'Shared by',
      explain: 'What this public meter costs each day goes to the accounts below by ratio, to the fen. The public account owes nothing and is never cut off.',
      begin: 'Nobody shares it yet. With the first account the meter becomes a public one: all it costs is borne by those who share.',
      weight: 'Ratio',
      part: 'Part',
      shared: 'Shared so far',
      add: 'Add an account…',
      account: 'Meter of the account',
      weight_hint: 'Only the proportion counts: 1 and 2 mean a third and two thirds',
      change: 'Change the ratio',
      remove: 'Remove',
      remove_effect: '{name} shares no longer from the next charge on; the others bear its part. What was shared stays.',
      saved: 'Saved, valid from the next charge on',
    },
  },
)
