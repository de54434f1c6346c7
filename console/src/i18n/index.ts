// Chinese first, English complete. Each file of words holds both languages side by side and
// the type of the Chinese half is the type the English half must have, so that a missing
// sentence does not compile. A new file in words/ is found by itself.
import { createI18n } from 'vue-i18n'
import type { Words } from './words/pair'

/** No two files begin a tree with the same word: the later one would hide the earlier. */
export const sections = import.meta.glob<{ zh: Words; en: Words }>(['./words/*.ts', '!./words/pair.ts'], { eager: true, import: 'words' })

export const messages = {
  zh: Object.assign({}, ...Object.values(sections).map((section) => section.zh)) as Words,
  en: Object.assign({}, ...Object.values(sections).map((section) => section.en)) as Words,
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh' as 'zh' | 'en',
  fallbackLocale: 'en',
  messages,
  missingWarn: true,
})
