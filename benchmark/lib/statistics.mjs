/**
 * Linear interpolation between the two nearest values.
 * @param {number[]} values
 * @param {number} share 0 to 1
 */
export const quantile = (values, share) => {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const above = Math.ceil(position)
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below)
}

export const median = values => quantile(values, 0.5)

/** Half the distance between the quartiles, as a share of the median. */
export const spread = values => {
  const middle = median(values)
  return middle === 0 ? 0 : (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / middle
}

/**
 * How many times better `values` are than `base`. Each round is compared with the same round of the other, so that a
 * machine that slows down in the middle of a run slows both.
 * @param {number[]} values one per round
 * @param {number[]} base one per round
 * @param {'more'|'less'} better
 */
export const advantage = (values, base, better) => {
  const ratios = []
  for (const [round, value] of values.entries()) {
    if (base[round] > 0 && value > 0) ratios.push(better === 'more' ? value / base[round] : base[round] / value)
  }
  return ratios.length > 0 ? median(ratios) : undefined
}
