// Short results of actions. Element Plus gives the message role="alert"; errors stay longer.
import { ElMessage } from 'element-plus'

export function tell(kind: 'success' | 'error' | 'info', text: string): void {
  ElMessage({ type: kind, message: text, duration: kind === 'error' ? 8000 : 3500, showClose: kind === 'error', grouping: true, plain: true })
}
