// Whether this phone shows what is new on its screen, where it can.
import { useMutation, useQuery } from '@tanstack/react-query'
import { queryClient } from '../../kit/api/session.ts'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { readPushState, setPush } from './push.ts'

const KEY = ['phone', 'push']

export function PushSwitch() {
  const { t } = useText()
  const { data: state } = useQuery({ queryKey: KEY, queryFn: readPushState })
  const change = useMutation({ mutationFn: setPush, onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }) })
  if (state === undefined || state === 'none') return null
  if (state === 'denied') return <p className="quiet">{t('push.denied')}</p>
  return (
    <>
      {state === 'on' && <p className="quiet">{t('push.on')}</p>}
      <button type="button" className="plain-button" disabled={change.isPending} onClick={() => change.mutate(state === 'off')}>
        {t(state === 'on' ? 'push.turnOff' : 'push.turnOn')}
      </button>
      {change.error && <Fault error={change.error} />}
    </>
  )
}
