const way = process.argv[2]
if (way === 'one') {
  console.log('first')
} else if (way === 'two') {
  console.log('second')
} else if (way === 'three') {
  console.log('third')
} else {
  console.log('never')
}
