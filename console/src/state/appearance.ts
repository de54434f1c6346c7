// Language and theme: remembered on this machine, applied to the document at once.
import { ref, watch } from 'vue'
import { i18n } from '@/i18n'
import { languageOf } from '@/state/language'
import { store, stored } from '@/state/storage'

export type Theme = 'light' | 'dark'

function firstTheme(): Theme {
  const saved = stored('theme')
  if (saved === 'light' || saved === 'dark') return saved
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export const theme = ref<Theme>(firstTheme())
export const { language, languageSet, languageStart, languageChosen } = languageOf(i18n.global.locale)

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
