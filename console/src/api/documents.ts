// Documents and their templates, by the API's own names.

export interface TemplateRow {
  key: string
  kind: 'receipt' | 'bill' | 'statement' | 'closing' | 'notice' | 'invoice' | 'label'
  paper: string
  language: 'zh' | 'en'
  version: number
  is_own: boolean
  saved_s: number | null
  saved_by_name: string
}

export interface TemplateName {
  list: string
  name: string
  help: string
}

export interface TemplateList {
  items: TemplateRow[]
  names: Record<string, TemplateName[]>
}

export interface TemplateVersion {
  version: number
  is_own: boolean
  saved_s: number
  saved_by_name: string | null
  note: string
}

export interface TemplateDetail {
  key: string
  text: string
  is_own: boolean
  shown_version: number
  built_in: string
  versions: TemplateVersion[]
}

export interface TemplatePreview {
  pages: number
  page: number
  /** PNG, base64 */
  picture?: string
  problem?: { code: string; line: number; message: string }
}

export type InvoiceState = 'asked' | 'sent' | 'issued' | 'refused' | 'cancelled' | 'red_asked' | 'red_sent' | 'red_lettered'

export interface Invoice {
  invoice_id: number
  serial: string
  state: InvoiceState
  number: string
  red_number: string
  reason: string
  account_id: number
  bill_id: number | null
  bill_number: string | null
  payment_id: number | null
  receipt: string | null
  place: string
  company: boolean
  buyer_title: string
  buyer_tax_number: string
  buyer_contact: string
  amount_fen: number
  net_fen: number
  tax_fen: number
  asked_by_name: string | null
  asked_s: number
  issued_s: number | null
  attempts: number
  next_s: number | null
  /** issued by a provider that only tries things out */
  test: boolean
}
