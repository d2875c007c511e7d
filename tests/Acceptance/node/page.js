// Opens PAGE_URL in the browser at DEVTOOLS and prints what it shows, what it asked for, and what it complained of.
import { setTimeout as wait } from 'node:timers/promises';

const { webSocketDebuggerUrl } = await (await fetch(`${process.env.DEVTOOLS}/json/new?about:blank`, { method: 'PUT' })).json();
const socket = new WebSocket(webSocketDebuggerUrl);
await new Promise((resolve) => socket.addEventListener('open', resolve));
const waiting = new Map();
const requests = [];
const complaints = [];
// A browser asks each server for its icon by itself, and is told that there is none; what its own controls are drawn with comes from nobody.
const isItsOwn = (url) => new URL(url ?? 'about:blank').pathname === '/favicon.ico' || (url ?? '').startsWith('data:');
const loaded = Promise.withResolvers ? Promise.withResolvers() : (() => { let resolve; const promise = new Promise((r) => { resolve = r; }); return { promise, resolve }; })();
socket.addEventListener('message', ({ data }) => {
  const { id, method, params, result } = JSON.parse(data);
  if (id) waiting.get(id)(result);
  if (method === 'Network.requestWillBeSent' && !isItsOwn(params.request.url)) requests.push(params.request.url);
  if (method === 'Log.entryAdded' && !isItsOwn(params.entry.url)) complaints.push(params.entry.text);
  if (method === 'Runtime.consoleAPICalled' || method === 'Runtime.exceptionThrown' || method === 'Audits.issueAdded') complaints.push(JSON.stringify(params));
  if (method === 'Page.loadEventFired') loaded.resolve();
});
let last = 0;
const call = (method, params = {}) => new Promise((resolve) => {
  last += 1;
  waiting.set(last, resolve);
  socket.send(JSON.stringify({ id: last, method, params }));
});
const see = async (expression) => (await call('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })).result.value;

for (const domain of ['Network', 'Log', 'Runtime', 'Audits', 'Page']) await call(`${domain}.enable`);
await call('Emulation.setDeviceMetricsOverride', { width: 360, height: 640, deviceScaleFactor: 1, mobile: true });
await call('Page.navigate', { url: process.env.PAGE_URL });
await loaded.promise;
// A player has read the beginning of its file once it knows the duration.
for (let tries = 0; tries < 100 && await see("[...document.querySelectorAll('video,audio')].some((m) => !(m.duration > 0) && !m.error)"); tries += 1) await wait(100);
console.log(JSON.stringify({
  text: await see('document.body.innerText'),
  title: await see('document.title'),
  picture: await see("document.querySelector('img')?.naturalWidth ?? null"),
  pictures: await see("[...document.querySelectorAll('img')].map((i) => i.naturalWidth)"),
  alt: await see("document.querySelector('img')?.alt ?? null"),
  duration: await see("document.querySelector('video,audio')?.duration ?? null"),
  played: await see("(async () => { const m = document.querySelector('video,audio'); if (!m) return null; m.muted = true; await m.play(); while (m.currentTime < 0.2) await new Promise((r) => setTimeout(r, 50)); return m.currentTime; })()"),
  tooWide: await see('document.documentElement.scrollWidth > innerWidth'),
  styled: await see("getComputedStyle(document.body).margin === '0px'"),
  cookies: (await call('Network.getCookies')).cookies.map(({ name }) => name).join(' '),
  requests, complaints,
}));
process.exit(0);
