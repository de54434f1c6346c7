// Chinese first, English complete. Each file of words holds both languages side by side and
// the type of the Chinese half is the type the English half must have, so that a missing
// sentence does not compile.
import { createI18n } from 'vue-i18n'
import { words as attention } from './words/attention'
import { words as cashier } from './words/cashier'
import { words as collect } from './words/collect'
import { words as common } from './words/common'
import { words as devices } from './words/devices'
import { words as frames } from './words/frames'
import { words as lines } from './words/lines'
import { words as money } from './words/money'
import { words as navigation } from './words/navigation'
import { words as profiles } from './words/profiles'
import { words as registers } from './words/registers'
import { words as settlement } from './words/settlement'
import { words as system } from './words/system'

const sections = { attention, cashier, collect, common, devices, frames, lines, money, navigation, profiles, registers, settlement, system }

export const messages = {
  zh: { ...sections.attention.zh, ...sections.cashier.zh, ...sections.collect.zh, ...sections.common.zh, ...sections.devices.zh, ...sections.frames.zh, ...sections.lines.zh, ...sections.money.zh, ...sections.navigation.zh, ...sections.profiles.zh, ...sections.registers.zh, ...sections.settlement.zh, ...sections.system.zh },
  en: { ...sections.attention.en, ...sections.cashier.en, ...sections.collect.en, ...sections.common.en, ...sections.devices.en, ...sections.frames.en, ...sections.lines.en, ...sections.money.en, ...sections.navigation.en, ...sections.profiles.en, ...sections.registers.en, ...sections.settlement.en, ...sections.system.en },
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh' as 'zh' | 'en',
  fallbackLocale: 'en',
  messages,
  missingWarn: true,
})
