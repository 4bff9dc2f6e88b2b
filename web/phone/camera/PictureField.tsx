// Photos that are taken, or chosen, and go with what is sent: each small and upright as soon as it is there.
import { useEffect, useId, useMemo } from 'react'
import { useText } from '../texts.ts'
import { Fault } from '../ui/Fault.tsx'
import { useDeed } from '../useDeed.ts'
import { shrink } from './shrink.ts'

type Props = { label: string; pictures: readonly Blob[]; onChange: (pictures: Blob[]) => void }

const MOST = 9

export function PictureField({ label, pictures, onChange }: Props) {
  const { t } = useText()
  const id = useId()
  const deed = useDeed()
  return (
    <div className="phone-field">
      <span id={`${id}-label`}>{label}</span>
      <ul className="phone-pictures" aria-labelledby={`${id}-label`}>
        {pictures.map((picture, n) => (
          <li key={keyOf(picture)}>
            <Thumb picture={picture} name={t('photo.nth', { n: n + 1 })} />
            <button
              type="button"
              className="phone-picture-off"
              aria-label={t('photo.remove', { n: n + 1 })}
              onClick={() => onChange(pictures.filter((one) => one !== picture))}
            >
              ×
            </button>
          </li>
        ))}
        {pictures.length < MOST && (
          <li>
            <label className="phone-picture-add">
              <span aria-hidden="true">＋</span>
              <span>{t(deed.busy ? 'photo.busy' : 'photo.take')}</span>
              <input
                type="file"
                accept="image/*"
                multiple
                className="visually-hidden"
                disabled={deed.busy}
                onChange={(event) => {
                  const files = [...(event.target.files ?? [])].slice(0, MOST - pictures.length)
                  event.target.value = ''
                  void deed.run(async () => {
                    const all = [...pictures]
                    // What was good stays when another is none.
                    for (const file of files) {
                      all.push(await shrink(file))
                      onChange([...all])
                    }
                  })
                }}
              />
            </label>
          </li>
        )}
      </ul>
      <Fault error={deed.error} />
    </div>
  )
}

const keys = new WeakMap<Blob, number>()
let next = 0
function keyOf(picture: Blob): number {
  const key = keys.get(picture) ?? ++next
  keys.set(picture, key)
  return key
}

function Thumb({ picture, name }: { picture: Blob; name: string }) {
  const url = useMemo(() => URL.createObjectURL(picture), [picture])
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  return <img src={url} alt={name} />
}
