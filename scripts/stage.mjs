// `npm run stage`: makes the main package as it is published, in target/package.
import { stage } from './lib/stage.mjs'

console.log(await stage())
