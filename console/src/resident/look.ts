// How the page looks to this resident: language, size of type, light or dark. Remembered on the phone.
import { ref, watch } from 'vue'
import { languageOf } from '@/state/language'
import { store, stored } from '@/state/storage'
import { i18n } from './words'

export const THEMES = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof THEMES)[number]

const system = window.matchMedia('(prefers-color-scheme: dark)')
const systemDark = ref(system.matches)
system.addEventListener('change', (event) => (systemDark.value = event.matches))

function firstTheme(): ThemeChoice {
  const saved = stored('theme')
  return saved === 'light' || saved === 'dark' ? saved : 'system'
}

export const theme = ref<ThemeChoice>(firstTheme())
export const large = ref(stored('large') === '1')
export const { language, languageSet, languageStart } = languageOf(i18n.global.locale)

watch(
  [theme, systemDark],
  () => {
    const dark = theme.value === 'dark' || (theme.value === 'system' && systemDark.value)
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  },
  { immediate: true },
)
watch(large, (value) => document.documentElement.classList.toggle('large', value), { immediate: true })

export function themeSet(value: ThemeChoice): void {
  theme.value = value
  store('theme', value === 'system' ? null : value)
}

export function largeSet(value: boolean): void {
  large.value = value
  store('large', value ? '1' : null)
}
