import { describe, expect, it } from 'vitest'
import { eventText } from '../src/components/eventText'
import { i18n } from '../src/i18n'

const { t, te } = i18n.global

describe('what an event says', () => {
  it('is put into words of the language', () => {
    i18n.global.locale.value = 'en'
    expect(eventText('set_aside', 'backward', t, te)).toBe('below the day before')
    expect(eventText('command_failed', 'valve_fault', t, te)).not.toContain('_')
    expect(eventText('command_failed', 'expired_unanswered 2', t, te)).not.toContain('_')
    i18n.global.locale.value = 'zh'
    expect(eventText('set_aside', 'backward', t, te)).toBe('比前一天小')
  })

  it('is shown as it came when nobody knows it', () => {
    expect(eventText('set_aside', 'a new reason', t, te)).toBe('a new reason')
    expect(eventText('terminal_event', 'ERC1', t, te)).toBe('ERC1')
  })
})
