// The language of a page: what was chosen here, before that the browser's own. Each document has words of its own, and
// hands over the one place where they keep it.
import { computed, type ComputedRef } from 'vue'
import { connection } from '@/api/client'
import type { Language } from '@/format/time'
import { store, stored } from '@/state/storage'

interface PageLanguage {
  language: ComputedRef<Language>
  languageSet: (value: Language) => void
  languageStart: () => void
  languageChosen: () => boolean
}

export function languageOf(locale: { value: Language }): PageLanguage {
  const chosen = (): Language | null => {
    const saved = stored('language')
    return saved === 'zh' || saved === 'en' ? saved : null
  }
  const languageSet = (value: Language): void => {
    locale.value = value
    connection.language = value === 'zh' ? 'zh-CN' : 'en'
    document.documentElement.lang = connection.language
    store('language', value)
  }
  return {
    language: computed(() => locale.value),
    languageSet,
    languageStart: () => languageSet(chosen() ?? (navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh')),
    languageChosen: () => stored('language') !== null,
  }
}
