// What has just been done or refused, over the board; the last assignment can be undone from here.
import { Button } from 'antd'
import { useText } from './texts.ts'

export type Said = { tone: 'done' | 'wrong'; text: string; undo?: true }

export function News({ said, onUndo, onDismiss }: { said: Said | null; onUndo: () => void; onDismiss: () => void }) {
  const { t } = useText()
  return (
    <div role={said?.tone === 'wrong' ? 'alert' : 'status'} className={said ? `news news-${said.tone}` : undefined}>
      {said && (
        <>
          <span>{said.text}</span>
          {said.undo && (
            <Button size="small" onClick={onUndo}>
              {t('assign.undo')}
            </Button>
          )}
          <Button size="small" type="text" onClick={onDismiss}>
            {t('assign.dismiss')}
          </Button>
        </>
      )}
    </div>
  )
}
