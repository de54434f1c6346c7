// Messages to people, as the API tells them. cost_e4: ten-thousandths of a yuan.

export interface MessageAttempt {
  serial: number
  at_s: number
  provider: string
  outcome: string
  reason: string
}

export interface Message {
  message_id: number
  notice_id: number | null
  account_id: number | null
  customer_name: string | null
  area_name: string
  kind: string
  channel: string
  recipient: string
  language: string
  state: string
  urgent: boolean
  attempts: number
  provider: string
  reference: string
  parts: number
  cost_e4: number
  reason: string
  created_s: number
  due_s: number
  sent_s: number | null
  ended_s: number | null
  text: string
  expires_s?: number
  history?: MessageAttempt[]
}

export interface MessageSummary {
  counts: { channel: string; state: string; messages: number }[]
  days: { day: string; channel: string; provider: string; messages: number; parts: number; cost_e4: number; delivered: number; failed: number; dead: number }[]
}

export interface MessageTemplate {
  kind: string
  language: 'zh' | 'en'
  text: string
  default_text: string
  is_default: boolean
  sample: string | null
  sms_parts: number
  changed_s: number | null
  changed_by_name: string
}

export interface MessageTemplates {
  items: MessageTemplate[]
  placeholders: string[]
}

export interface MessageRecipient {
  recipient_id: number
  name: string
  area_id: number
  area_name: string
  account_id: number | null
  customer_name: string | null
  kind: string | null
  channel: string
  address: string
  language: string
  created_s: number
}
