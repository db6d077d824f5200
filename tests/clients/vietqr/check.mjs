// The payment code of a charge, read by vietnam-qr-pay as a bank's app would read it.
//
// A resident applies, the city gives a code for what is due; account, amount and note must be those of the charge, the
// checksum must hold, and a code that was changed in any one place must be refused.

import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { QRPay, QRProvider, VietQRService } from "vietnam-qr-pay";

const url = (process.env.SONGHAN_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
let passed = 0;
let failed = 0;

function same(name, found, wanted) {
    const good = found === wanted;
    good ? passed++ : failed++;
    console.log(`${good ? "ok  " : "FAIL"} ${name}${good ? "" : `: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`}`);
}

async function call(method, path, body, token) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": randomUUID() };
    if (token) headers.Authorization = `Bearer ${token}`;
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    if (answer.status === 429) {
        await sleep(1000 * Number(answer.headers.get("Retry-After") ?? 1));
        return call(method, path, body, token);
    }
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
}

/** A resident of the demonstration, signed in. */
async function signIn() {
    const people = await readFile(new URL("../../../city/danang/demo/people.toml", import.meta.url), "utf8");
    const first = (name) => people.match(new RegExp(`^${name} = "(.+)"`, "m"))[1];
    const session = { login: first("citizen_id"), password: first("password") };
    return (await call("POST", "/api/v1/sessions", session)).token;
}

async function submit(token, copies) {
    const answers = {
        record_kind: "marriage",
        subject: "self",
        registered_at: "phường Thạch Thang, quận Hải Châu",
        copies,
        applicant_name: "Nguyễn Thị Lan",
        applicant_born: "1990-03-12",
        applicant_citizen_id: "048190001234",
        applicant_phone: "0900000101",
        applicant_address: "Số 27 đường Lê Lợi, phường Hải Châu",
    };
    const receipt = await call("POST", "/api/v1/dossiers", { procedure: "2.000635", unit: "ubnd-hai-chau", answers }, token);
    return receipt.charge;
}

/** How many of the codes that differ in one character are still taken for whole. */
function forgeries(payload) {
    let taken = 0;
    for (let at = 0; at < payload.length; at++) {
        const other = payload[at] === "0" ? "1" : "0";
        const changed = new QRPay(payload.slice(0, at) + other + payload.slice(at + 1));
        if (changed.isValid) taken++;
    }
    return taken;
}

async function checkCharge(token, copies) {
    const charge = await submit(token, copies);
    const payment = await call("POST", `/api/v1/charges/${charge.id}/payments`, { channel: "vietqr" }, token);
    const code = new QRPay(payment.payload);
    const what = `${copies} copies`;
    same(`${what}: it is a whole code`, code.isValid, true);
    same(`${what}: of VietQR`, code.provider.name, QRProvider.VIETQR);
    same(`${what}: to an account`, code.provider.service, VietQRService.BY_ACCOUNT_NUMBER);
    same(`${what}: at the bank of the demonstration`, code.consumer.bankBin, "999999");
    same(`${what}: with its number`, code.consumer.bankNumber, "0000MOPHONG");
    same(`${what}: for one payment`, code.initMethod, "12");
    same(`${what}: in đồng`, code.currency, "704");
    same(`${what}: in Vietnam`, code.nation, "VN");
    same(`${what}: 8,000 đồng each`, Number(code.amount), copies * 8000);
    same(`${what}: as the charge says`, Number(code.amount), charge.amount);
    same(`${what}: the note is the charge's reference`, code.additionalData.purpose, charge.reference);
    same(`${what}: the checksum holds`, payment.payload.slice(-4), QRPay.genCRCCode(payment.payload.slice(0, -4)));
    same(`${what}: built again it is the same code`, code.build(), payment.payload);
    same(`${what}: no changed code is taken`, forgeries(payment.payload), 0);
    const again = await call("POST", `/api/v1/charges/${charge.id}/payments`, { channel: "vietqr" }, token);
    same(`${what}: asked again it is the same code`, again.payload, payment.payload);
}

try {
    const token = await signIn();
    for (const copies of [1, 2, 20]) await checkCharge(token, copies);
} catch (error) {
    same("the charge gets its code", error.message, "");
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed ? 1 : 0;
