// Language and theme: remembered on this machine, applied to the document at once.
import { computed, ref, watch } from 'vue'
import { connection } from '@/api/client'
import { i18n } from '@/i18n'
import type { Language } from '@/format/time'
import { store, stored } from '@/state/storage'

export type Theme = 'light' | 'dark'

function firstTheme(): Theme {
  const saved = stored('theme')
  if (saved === 'light' || saved === 'dark') return saved
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export const theme = ref<Theme>(firstTheme())
export const language = computed<Language>(() => i18n.global.locale.value)

watch(
  theme,
  (value) => {
    document.documentElement.dataset.theme = value
    document.documentElement.classList.toggle('dark', value === 'dark')
  },
  { immediate: true },
)

export function themeToggle(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  store('theme', theme.value)
}

export function languageSet(value: Language): void {
  i18n.global.locale.value = value
  connection.language = value === 'zh' ? 'zh-CN' : 'en'
  document.documentElement.lang = value === 'zh' ? 'zh-CN' : 'en'
  store('language', value)
}

/** Before sign-in the browser's own language decides unless one was chosen here. */
export function languageStart(): void {
  const saved = stored('language')
  if (saved === 'zh' || saved === 'en') languageSet(saved)
  else languageSet(navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh')
}

export function languageChosen(): boolean {
  return stored('language') !== null
}
