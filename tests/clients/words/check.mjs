// Amounts in words as read-vietnamese-number writes them: 10,000 numbers up to a million billion.
//
// Three words have two right forms each, and the library lets one choose: linh (or lẻ), bốn after a ten (or tư), tỷ (or
// tỉ). It is set to ours; nothing else is made alike before the two are compared, but the capital at the beginning.

import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { ReadingConfig, doReadNumber } from "read-vietnamese-number";

const COUNT = 10_000;

/** Everything small, every power of ten and its neighbours, then numbers of each length drawn from a fixed seed. */
function numbers() {
    const chosen = new Set();
    for (let n = 0; n <= 1_100; n++) chosen.add(BigInt(n));
    for (let power = 10n; power <= 10n ** 15n; power *= 10n) {
        for (const near of [-1n, 0n, 1n, 4n, 5n, 10n, 14n, 15n, 21n, 24n, 100n, 101n, 1000n]) chosen.add(power + near);
        for (const digit of [2n, 4n, 5n, 9n]) chosen.add(digit * power);
    }
    let state = 20_261_122n;
    const draw = () => (state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n);
    while (chosen.size < COUNT) {
        const digits = 1n + (draw() >> 33n) % 15n;
        // Half of them have runs of zeros, where readings go wrong.
        let number = (draw() >> 1n) % 10n ** digits;
        if ((draw() >> 40n) % 2n === 0n) number -= number % 10n ** ((draw() >> 33n) % digits);
        chosen.add(number);
    }
    return [...chosen];
}

/** As our papers write them. */
function ours(amounts) {
    // Built with the tests, beside the program that serves.
    const program = join(dirname(process.env.SONGHAN_BIN), "examples", "words");
    const input = amounts.join("\n");
    const done = spawnSync(program, [], { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    if (done.status !== 0) throw new Error(`${program} ended with ${done.status ?? done.error}: ${done.stderr?.slice(-2000)}`);
    return done.stdout.trimEnd().split("\n");
}

function theirs(amount) {
    const config = new ReadingConfig();
    config.unit = ["đồng"];
    config.oddText = "linh";
    config.fourToneText = "bốn";
    config.units = [[], ["nghìn"], ["triệu"], ["tỷ"]];
    const words = doReadNumber(amount.toString(), config);
    return words[0].toUpperCase() + words.slice(1);
}

let passed = 0;
let failed = 0;
try {
    const amounts = numbers();
    const read = ours(amounts);
    if (read.length !== amounts.length) throw new Error(`${read.length} lines for ${amounts.length} numbers`);
    amounts.forEach((amount, at) => {
        const wanted = theirs(amount);
        if (read[at] === wanted) {
            passed++;
        } else if (failed++ < 20) {
            console.log(`FAIL ${amount}: ${JSON.stringify(read[at])}, not ${JSON.stringify(wanted)}`);
        }
    });
    console.log(`ok   ${passed} of ${amounts.length} numbers are read alike`);
} catch (error) {
    failed++;
    console.log(`FAIL the numbers are read: ${error.message}`);
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed ? 1 : 0;
