// Somebody's telephone, to be rung by a touch; masked, it is only read.
export function Tel({ name, phone }: { name: string; phone: string | null }) {
  if (!phone) return <span>{name}</span>
  if (phone.includes('*'))
    return (
      <span>
        {name} <span className="figure">{phone}</span>
      </span>
    )
  return (
    <a className="phone-tel" href={`tel:${phone.replace(/[^\d+]/g, '')}`}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <path
          d="M5 3h3l1.5 4-2 1.5a10 10 0 0 0 4 4l1.5-2 4 1.5v3c0 1-.8 1.5-1.6 1.4C9 16 4 11 3.6 4.6 3.5 3.8 4 3 5 3Z"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinejoin="round"
        />
      </svg>
      {name} <span className="figure">{phone}</span>
    </a>
  )
}
