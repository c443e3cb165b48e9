import { amount } from './format.mjs'

const WIDTH = 760
const HEIGHT = 380
const BOX = { left: 96, right: 24, top: 84, bottom: 76 }
const inner = { width: WIDTH - BOX.left - BOX.right, height: HEIGHT - BOX.top - BOX.bottom }

// The background stays transparent: the page's own shows through, dark or light.
const style = `<style>
text{font:13px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#4b535d}
.title{font-size:17px;font-weight:600;fill:#1f2328}
.strong{font-weight:600}
.grid{stroke:#8b949e;stroke-opacity:.28}
@media (prefers-color-scheme:dark){text{fill:#a5adb8}.title{fill:#e6edf3}}
</style>`

const escape = text => text.replace(/[&<>]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign])
const at = value => Number(value.toFixed(1))

const text = (x, y, content, { anchor = 'start', cls = '', fill } = {}) =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"${cls && ` class="${cls}"`}${fill ? ` style="fill:${fill}"` : ''}>${escape(content)}</text>`

const frame = ({ title, subtitle, series }, body) => {
  const parts = [text(24, 30, title, { cls: 'title' }), text(24, 50, subtitle)]
  let x = BOX.left
  for (const { label, colour, strong } of series) {
    const y = HEIGHT - 20
    parts.push(`<rect x="${at(x)}" y="${y - 10}" width="12" height="12" rx="2" fill="${colour}"/>`)
    parts.push(text(x + 18, y, label, { cls: strong ? 'strong' : '' }))
    x += 40 + label.length * 7.2
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">`,
    style,
    ...parts,
    ...body,
    '</svg>\n'
  ].join('\n')
}

const gridLine = (y, label) => [
  `<line class="grid" x1="${BOX.left}" x2="${WIDTH - BOX.right}" y1="${at(y)}" y2="${at(y)}"/>`,
  text(BOX.left - 10, y + 4, label, { anchor: 'end' })
]

const known = series => series.flatMap(({ values }) => values.filter(value => value > 0))

/** Lines over named places, logarithmic, for figures that differ by orders of magnitude. */
export const lines = plot => {
  const values = known(plot.series)
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.ceil(Math.log10(Math.max(...values)))
  const y = value => BOX.top + inner.height * (1 - (Math.log10(value) - low) / Math.max(1, high - low))
  const x = index => BOX.left + (inner.width * (index + 0.5)) / plot.labels.length
  const body = []
  for (let power = low; power <= high; power++)
    body.push(...gridLine(y(10 ** power), amount(10 ** power, plot.unit).replace(/\.0+(?= |$)/, '')))
  plot.labels.forEach((label, index) =>
    body.push(text(x(index), HEIGHT - BOX.bottom + 24, label, { anchor: 'middle' }))
  )
  for (const { values: points, colour, strong } of plot.series) {
    const places = points.flatMap((value, index) => (value > 0 ? [[at(x(index)), at(y(value)), value]] : []))
    const path = places.map(([px, py], index) => `${index ? 'L' : 'M'}${px} ${py}`).join('')
    body.push(
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${strong ? 3.5 : 2}" stroke-linejoin="round"/>`
    )
    for (const [px, py] of places)
      body.push(`<circle cx="${px}" cy="${py}" r="${strong ? 4.5 : 3.5}" fill="${colour}"/>`)
    const [lastX, lastY, last] = places.at(-1)
    if (strong || points === plot.series[0].values) {
      body.push(text(lastX, lastY - 10, amount(last, plot.unit), { anchor: 'middle', cls: 'strong', fill: colour }))
    }
  }
  return frame(plot, body)
}

/** Groups of bars from zero. */
export const bars = plot => {
  const most = Math.max(...known(plot.series))
  const step = [1, 2, 5, 10].map(part => part * 10 ** Math.floor(Math.log10(most / 3))).find(part => most / part <= 6)
  const top = Math.ceil((most * 1.08) / step) * step
  const y = value => BOX.top + inner.height * (1 - value / top)
  const group = inner.width / plot.labels.length
  const width = Math.min(48, (group * 0.84) / plot.series.length)
  const body = []
  for (let value = 0; value <= top + step / 2; value += step)
    body.push(...gridLine(y(value), value === 0 ? '0' : amount(value, plot.unit)))
  plot.labels.forEach((label, place) => {
    const middle = BOX.left + group * (place + 0.5)
    body.push(text(middle, HEIGHT - BOX.bottom + 24, label, { anchor: 'middle' }))
    const present = plot.series.filter(({ values }) => values[place] > 0)
    present.forEach(({ values, colour, strong }, index) => {
      const value = values[place]
      const x = middle + width * (index - present.length / 2)
      const height = BOX.top + inner.height - y(value)
      body.push(
        `<rect x="${at(x + 1)}" y="${at(y(value))}" width="${at(width - 2)}" height="${at(height)}" rx="2" fill="${colour}"/>`
      )
      if (strong)
        body.push(
          text(x + width / 2, y(value) - 6, amount(value, plot.unit), { anchor: 'middle', cls: 'strong', fill: colour })
        )
    })
  })
  return frame(plot, body)
}
