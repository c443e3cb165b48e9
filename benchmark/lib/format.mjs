const digits = (value, significant = 3) => {
  if (value === 0) return '0'
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

/** A figure with its unit, three digits: 36.9 ms, 84 µs, 1,020,000/s. */
export const amount = (value, unit) => {
  if (value === undefined || value === null || Number.isNaN(value)) return '–'
  if (unit === 'ms') {
    if (value < 1) return `${digits(value * 1e3)} µs`
    return value < 10_000 ? `${digits(value)} ms` : `${digits(value / 1e3)} s`
  }
  if (unit === '/s') return `${digits(value >= 1000 ? Number(value.toPrecision(3)) : value)}/s`
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`
  if (unit === 'x') return `${value.toFixed(2)}x`
  return `${digits(value)} ${unit}`
}

export const ratio = value => (value === undefined ? '' : `${digits(value, value < 1 ? 2 : 3)}x`)

export const percent = value => `±${Math.round(value * 100)} %`
