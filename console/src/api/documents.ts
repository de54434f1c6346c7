// Documents and their templates, by the API's own names.

export interface TemplateRow {
  key: string
  kind: 'receipt' | 'bill' | 'statement'
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
