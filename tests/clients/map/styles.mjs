// The style validator of MapLibre reads every style of the map; what a style names is there and of the right type; the
// names of both archipelagos and of the sea stand in each, whatever is asked for.

import { readFileSync } from "node:fs";
import { createExpression, featureFilter, latest, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";

const URL_OF = (process.env.SONGHAN_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const PEOPLE = readFileSync(new URL("../../../city/danang/demo/people.toml", import.meta.url), "utf8");
const NAMES = ["Hoàng Sa", "Trường Sa", "Biển Đông"];
const PROTECTED = "parcels";
const ZOOMS = [...Array(19).keys()];

let passed = 0;
let failed = 0;
function that(name, good, detail = "") {
    if (good) passed += 1;
    else failed += 1;
    console.log(`${good ? "ok  " : "FAIL"} ${name}${!good && detail !== "" ? `: ${typeof detail === "string" ? detail : JSON.stringify(detail).slice(0, 600)}` : ""}`);
}

async function ask(path, token) {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    return fetch(path.startsWith("http") ? path : `${URL_OF}${path}`, { headers });
}

/** Someone of the demonstration signs in. */
async function signIn(name) {
    const password = PEOPLE.match(/^password = "([^"]+)"/m)[1];
    const found = PEOPLE.split("[[person]]").find((part) => part.includes(`name = "${name}"`));
    const login = found.match(/citizen_id = "([^"]+)"/)[1];
    const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
    const answer = await fetch(`${URL_OF}/api/v1/sessions`, { method: "POST", headers, body: JSON.stringify({ login, password }) });
    return (await answer.json()).token;
}

/** Every text of a style, at any depth. */
function* texts(value) {
    if (typeof value === "string") yield value;
    else if (value && typeof value === "object") for (const part of Object.values(value)) yield* texts(part);
}

async function checkAddresses(name, style, token) {
    const wrong = [];
    const there = async (address, kind) => {
        const answer = await ask(address, token);
        const told = answer.headers.get("content-type") ?? "";
        if (answer.status !== 200 || !told.startsWith(kind)) wrong.push(`${address}: ${answer.status} ${told}, not ${kind}`);
        return answer;
    };
    const icons = await (await there(`${style.sprite}.json`, "application/json")).json();
    const bytes = new Uint8Array(await (await there(`${style.sprite}.png`, "image/png")).arrayBuffer());
    const twice = await (await there(`${style.sprite}@2x.json`, "application/json")).json();
    await there(`${style.sprite}@2x.png`, "image/png");
    const fonts = [...texts(style["font-faces"] ?? {})].filter((text) => text.startsWith("http"));
    for (const font of fonts) await there(font, "font/woff2");
    if (style.glyphs) await there(style.glyphs.replace("{fontstack}", encodeURIComponent(Object.keys(style["font-faces"] ?? { Regular: 1 })[0])).replace("{range}", "0-255"), "application/x-protobuf");
    that(`${name}: every sprite and font is there, of its type`, wrong.length === 0 && fonts.length > 0, wrong);
    const [wide, high] = [16, 20].map((at) => new DataView(bytes.buffer).getUint32(at));
    const outside = Object.entries(icons).filter(([, one]) => one.x + one.width > wide || one.y + one.height > high);
    that(`${name}: icons lie in their picture, and are there for dense screens`, outside.length === 0 && Object.keys(icons).every((icon) => twice[icon]?.pixelRatio === 2), outside);
    const named = style.layers.flatMap((layer) => [layer.layout?.["icon-image"], layer.paint?.["fill-pattern"]].filter((icon) => typeof icon === "string"));
    that(`${name}: icons that are named are there`, named.every((icon) => icons[icon]), named.filter((icon) => !icons[icon]));
    const used = new Set(style.layers.flatMap((layer) => (Array.isArray(layer.layout?.["text-font"]) && layer.layout["text-font"][0] !== "literal" ? layer.layout["text-font"] : [])));
    const missing = style["font-faces"] ? [...used].filter((font) => !style["font-faces"][font]) : [];
    that(`${name}: fonts that are named are there`, missing.length === 0, missing);
    const foreign = [...texts(style)].filter((text) => /^[a-z+]+:\/\//.test(text.replace(/^pmtiles:\/\//, "")) && !text.replace(/^pmtiles:\/\//, "").startsWith(URL_OF));
    that(`${name}: nothing comes from another host`, foreign.length === 0, foreign);
    const sources = [];
    for (const source of Object.values(style.sources)) {
        for (const template of source.tiles ?? []) {
            const z = source.minzoom ?? 0;
            const [x, y] = tileAt(108.22, 16.06, z);
            const answer = await ask(template.replace("{z}", z).replace("{x}", x).replace("{y}", y), token);
            if (![200, 204].includes(answer.status)) sources.push(`${template}: ${answer.status}`);
        }
    }
    that(`${name}: the tiles of its sources are there`, sources.length === 0, sources);
}

function tileAt(lon, lat, z) {
    const side = 2 ** z;
    const down = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
    return [Math.floor(((lon + 180) / 360) * side), Math.floor(down * side)];
}

/** The labels that a style draws of some features at a zoom: filters and texts are evaluated as MapLibre does. */
function labels(style, features, zoom) {
    const drawn = [];
    for (const layer of style.layers) {
        const shown = layer.layout?.visibility !== "none" && zoom >= (layer.minzoom ?? 0) && zoom < (layer.maxzoom ?? 25);
        if (layer.type !== "symbol" || layer.metadata?.layer !== "sovereignty" || !shown || !layer.layout["text-field"]) continue;
        const filter = featureFilter(layer.filter ?? true, `${layer.id}.filter`);
        const text = createExpression(layer.layout["text-field"], `${layer.id}.text-field`, latest.layout_symbol["text-field"]);
        for (const one of features) {
            const feature = { type: 1, id: one.id, properties: one.properties, geometry: [] };
            if (!filter.filter({ zoom }, feature)) continue;
            drawn.push(String(text.value.evaluate({ zoom }, feature, {})));
        }
    }
    return drawn;
}

const sovereignty = (await (await ask("/ogc/collections/sovereignty/items?limit=1000")).json()).features;
const officer = await signIn("Phạm Minh Anh");
const people = [["a visitor", undefined], ["an officer", officer]];

for (const theme of ["day", "dark"]) {
    for (const lang of ["vi", "en"]) {
        for (const [who, token] of people) {
            const name = `${theme}.json in ${lang} for ${who}`;
            const answer = await ask(`/styles/${theme}.json?lang=${lang}`, token);
            const style = await answer.json();
            that(`${name} is JSON`, answer.status === 200 && answer.headers.get("content-type").startsWith("application/json"), answer.status);
            const errors = validateStyleMin(style);
            that(`${name} is a valid style`, errors.length === 0 && style.layers.length > 10, errors.map((error) => error.message));
            const codes = new Set(style.layers.map((layer) => layer.metadata?.layer));
            that(`${name} has the protected layer only for who reads it`, codes.has(PROTECTED) === Boolean(token), [...codes]);
            const ids = style.layers.map((layer) => layer.id);
            that(`${name} names each of its layers once`, new Set(ids).size === ids.length);
            const lost = style.layers.filter((layer) => layer.source && !style.sources[layer.source]).map((layer) => layer.id);
            that(`${name} has the sources of its layers`, lost.length === 0, lost);
            if (lang === "vi") await checkAddresses(name, style, token);
        }
    }
}

// Whatever is asked for: no layer, one layer, a day long ago.
for (const query of ["", "?layers=", "?layers=trees", "?layers=sovereignty", "?layers=trees,roads&at=2026-01-01", "?lang=en"]) {
    for (const theme of ["day", "dark"]) {
        const style = await (await ask(`/styles/${theme}.json${query}`)).json();
        const errors = validateStyleMin(style);
        const missing = [];
        for (const zoom of ZOOMS) {
            const drawn = labels(style, sovereignty, zoom).join("\n").replaceAll(/\s+/g, " ");
            const wanted = query.includes("lang=en") ? ["Hoàng Sa", "Trường Sa", "East Sea"] : NAMES;
            missing.push(...wanted.filter((one) => !drawn.includes(one)).map((one) => `${zoom}: ${one}`));
        }
        that(`${theme}.json${query} is valid and names both archipelagos and the sea at each zoom`, errors.length === 0 && missing.length === 0, [...errors.map((error) => error.message), ...missing]);
        const words = [...texts(style), ...sovereignty.flatMap((one) => [...texts(one.properties)])].join(" ").toLowerCase();
        const foreign = ["south china sea", "paracel", "spratly", "biển nam trung hoa"].filter((word) => words.includes(word));
        that(`${theme}.json${query} has no foreign name for them`, foreign.length === 0, foreign);
    }
}

for (const [path, status] of [["/styles/night.json", 404], [`/styles/day.json?layers=${PROTECTED}`, 404], ["/styles/day.json?layers=nothing", 404], ["/styles/day.json?colour=red", 400], ["/styles/day.json?at=yesterday", 400]]) {
    const answer = await ask(path);
    that(`${path} is refused`, answer.status === status, answer.status);
}
const first = await ask("/styles/day.json");
const again = await fetch(`${URL_OF}/styles/day.json`, { headers: { "If-None-Match": first.headers.get("etag") } });
that("a style that is held is not sent again", again.status === 304, again.status);

console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
