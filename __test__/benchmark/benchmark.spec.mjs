import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'
import { advantage, median, quantile, spread } from '../../benchmark/lib/statistics.mjs'
import { behind, judge, quickFailures } from '../../benchmark/lib/targets.mjs'
import { amount, ratio } from '../../benchmark/lib/format.mjs'
import { loadWorkloads, quickOnly } from '../../benchmark/lib/workloads.mjs'
import { bars, lines } from '../../benchmark/lib/svg.mjs'

const targets = createRequire(import.meta.url)('../../benchmark/targets.js')
const workloads = loadWorkloads()
const blocked = (ours, node, more = {}) => ({
  workload: 'spawn-blocked-heap',
  case: '0',
  figures: { node: { blocked: node }, ours: { blocked: ours }, ...more },
  failures: {}
})

describe('statistics of the benchmarks', () => {
  it('interpolates quantiles', () => {
    assert.equal(median([3, 1, 2]), 2)
    assert.equal(median([4, 1, 2, 3]), 2.5)
    assert.equal(quantile([0, 10], 0.25), 2.5)
    assert.equal(spread([1, 1, 1]), 0)
  })

  it('compares round by round, better is above 1 whatever the unit', () => {
    assert.equal(advantage([1, 2, 100], [2, 4, 200], 'less'), 2)
    assert.equal(advantage([2, 4, 200], [1, 2, 100], 'more'), 2)
    assert.equal(advantage([], [], 'more'), undefined)
  })

  it('shows three digits and the unit that fits', () => {
    assert.equal(amount(0.0841, 'ms'), '84.1 µs')
    assert.equal(amount(36.94, 'ms'), '36.9 ms')
    assert.equal(amount(1_023_456, '/s'), '1,020,000/s')
    assert.equal(amount(0.031, 'share'), '3.1 %')
    assert.equal(ratio(0.8412), '0.84x')
  })
})

describe('targets of the benchmarks', () => {
  it('name workloads, cases and metrics that exist', () => {
    for (const target of targets.flatMap(one => one.either?.map(part => ({ ...one, ...part })) ?? one)) {
      const [name, caseName] = target.case.split(' ')
      const workload = workloads.find(candidate => candidate.name === name)
      assert.ok(
        workload?.cases.some(one => one.name === caseName),
        target.case
      )
      if (target.metric) assert.ok(target.metric in workload.metrics, `${target.case} ${target.metric}`)
      assert.ok(target.atLeast !== undefined || target.atMost !== undefined, target.text)
    }
  })

  it('are met, not met or not measured', () => {
    const target = { text: '', case: 'spawn-blocked-heap 0', than: 'node', atLeast: 5 }
    const verdict = results => judge(target, results, workloads).verdict
    assert.equal(verdict([blocked([1], [6])]), 'met')
    assert.equal(verdict([blocked([1], [4])]), 'not met')
    assert.equal(verdict([]), 'not measured')
  })

  it('take the better of two APIs of a runtime', () => {
    const target = { text: '', case: 'spawn-blocked-heap 0', than: 'bun', atLeast: 1 }
    const result = blocked([2], [9], { bun: { blocked: [3] }, 'bun-native': { blocked: [1] } })
    assert.equal(judge(target, [result], workloads).verdict, 'not met')
    const contenders = ['node', 'ours', 'bun', 'bun-native'].map(id => ({ id, label: id }))
    assert.match(behind([result], workloads, contenders)[0].line, /bun-native 1\.00 ms/)
  })
})

describe('the quick mode', () => {
  it('fails below the margin and where a figure is missing, and only there', () => {
    const quick = quickOnly(workloads)
    assert.deepEqual(quickFailures([blocked([1], [6])], quick), [])
    assert.match(quickFailures([blocked([10], [1])], quick)[0].line, /0\.10x of Node/)
    const failed = { ...blocked([1], [1]), figures: { node: { blocked: [1] } }, failures: { ours: 'it broke' } }
    assert.match(quickFailures([failed], quick)[0].line, /it broke/)
  })
})

describe('plots', () => {
  const plot = { title: 'a < b', subtitle: '', unit: 'ms', labels: ['x', 'y'] }

  it('leave out what has no figure', () => {
    const series = [{ label: 'one', colour: '#123456', values: [1, undefined], strong: true }]
    for (const draw of [lines, bars]) {
      const svg = draw({ ...plot, series })
      assert.match(svg, /^<svg [^]*<\/svg>\n$/)
      assert.match(svg, /a &lt; b/)
      assert.doesNotMatch(svg, /NaN|undefined/)
    }
  })
})
