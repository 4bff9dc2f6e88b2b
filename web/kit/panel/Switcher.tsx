// Which of several lists or views of one page is shown. Where there are more than a phone is wide they are swiped, and the chosen one is in sight.
import { Segmented } from 'antd'
import { useEffect, useRef } from 'react'
import './switcher.css'

type Props<T extends string> = { label: string; value: T; options: { value: T; label: string }[]; onChange: (value: T) => void }

export function Switcher<T extends string>({ label, value, options, onChange }: Props<T>) {
  const strip = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn as chosen follows from the value
  useEffect(() => {
    strip.current?.querySelector('.ant-segmented-item-selected')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [value])
  return <Segmented ref={strip} className="switcher" aria-label={label} value={value} onChange={onChange} options={options} />
}
