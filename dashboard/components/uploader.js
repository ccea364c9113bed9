const PLACE = '/api/v1/uploads';
const PIECE = 8 * 2 ** 20; // what a broken connection can cost at most
const PAUSES = [0.5, 1, 2, 4, 8, 15, 30]; // seconds before each try to go on, counted anew once something arrived
const STALLED = 60_000;
const states = new WeakMap();

const size = n => n < 1e3 ? `${n} B` : n < 1e6 ? `${(n / 1e3).toFixed(1)} kB`
  : n < 1e9 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e9).toFixed(2)} GB`;
const duration = s => s < 60 ? `${Math.ceil(s)} s` : s < 3600 ? `${Math.ceil(s / 60)} min` : `${(s / 3600).toFixed(1)} h`;

class Refused extends Error {} // what another try would not mend

// What the server is told

function request(method, address, { token, headers = {}, body = null, signal, moved = () => {} }) {
  return new Promise((answered, broke) => {
    const sent = new XMLHttpRequest();
    let clock;
    const stop = () => sent.abort();
    const wait = () => { clearTimeout(clock); clock = setTimeout(stop, STALLED); };
    sent.upload.onprogress = event => { wait(); moved(event.loaded); };
    sent.onload = () => answered(sent);
    sent.onerror = sent.onabort = () => broke(new Error('the connection broke'));
    sent.onloadend = () => { clearTimeout(clock); signal.removeEventListener('abort', stop); };
    signal.addEventListener('abort', stop);
    sent.open(method, address);
    Object.entries({ 'x-upload-token': token, ...headers }).forEach(pair => sent.setRequestHeader(...pair));
    wait();
    sent.send(body);
  });
}

function accepted(answer, status) {
  if (answer.status === status) return answer;
  if (![400, 403, 404, 411, 413, 507].includes(answer.status)) throw new Error(`status ${answer.status}`);
  let told = '';
  try { told = JSON.parse(answer.responseText).error; } catch { /* HEAD has no words, and a proxy has others */ }
  throw new Refused(told || 'The server does not have this upload any more. Try again.');
}

async function begin(item, token) {
  const body = JSON.stringify({ name: item.file.name, size: item.file.size });
  const answer = await request('POST', PLACE, { token, body, signal: item.stop.signal });
  item.upload = JSON.parse(accepted(answer, 201).responseText);
  item.offset = 0;
}

async function resume(item) {
  const { address, token } = item.upload;
  const answer = accepted(await request('HEAD', address, { token, signal: item.stop.signal }), 200);
  item.offset = Number(answer.getResponseHeader('upload-offset'));
}

async function part(item, moved) {
  const { address, token } = item.upload, began = item.offset;
  const answer = await request('PATCH', address, {
    token, moved: loaded => moved(began + loaded), signal: item.stop.signal,
    headers: { 'upload-offset': began, 'content-type': 'application/offset+octet-stream' },
    body: item.file.slice(began, began + PIECE),
  });
  item.offset = Number(accepted(answer, 204).getResponseHeader('upload-offset'));
}

async function readable(item) {
  try { await item.file.slice(item.offset, item.offset + 1).arrayBuffer(); } catch {
    throw new Refused('It cannot be read: it is a folder, or it changed or went since. Drop files as they are now.');
  }
}

async function send(item, page) {
  for (let tries = 0; ;) {
    try {
      await readable(item);
      if (item.upload) await resume(item); else await begin(item, page.data.token);
      while (item.offset < item.file.size) {
        const before = item.offset;
        await part(item, at => progress(item, at));
        progress(item, item.offset);
        if (item.offset > before) tries = 0;
      }
      return;
    } catch (error) {
      if (error instanceof Refused || item.stop.signal.aborted) throw error;
      if (tries === PAUSES.length) throw new Refused('The connection broke, and several tries to go on did not help.');
      await pause(item, PAUSES[tries++]);
    }
  }
}

function pause(item, seconds) {
  item.word.textContent = `The connection broke at ${share(item, item.offset)}. Going on in ${duration(seconds)}.`;
  return new Promise(over => {
    const clock = setTimeout(over, 1000 * seconds);
    const go = () => { clearTimeout(clock); over(); };
    window.addEventListener('online', go, { once: true });
    item.stop.signal.addEventListener('abort', go, { once: true });
  });
}

// What the person is shown

const share = (item, at) => `${Math.floor(100 * (item.file.size ? at / item.file.size : 1))} %`;

function progress(item, at) {
  const now = performance.now();
  item.bar.value = item.file.size ? at / item.file.size : 1;
  item.seen = item.seen.filter(one => now - one.now < 5000 && one.at <= at);
  item.seen.push({ now, at });
  if (now - item.said < 300) return;
  item.said = now;
  const [first] = item.seen, rate = 1000 * (at - first.at) / Math.max(now - first.now, 1);
  const pace = rate > 0 ? `, ${size(rate)}/s, ${duration((item.file.size - at) / rate)} left` : '';
  item.word.textContent = `${share(item, at)}, ${size(at)} of ${size(item.file.size)}${pace}`;
}

function line(box, name, kind = '') {
  const shown = document.createElement('div');
  shown.className = `file ${kind}`;
  shown.append(document.createElement('b'), document.createElement('span'));
  shown.firstChild.textContent = name;
  box.append(shown);
  return shown;
}

function button(item, text, press) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.setAttribute('aria-label', `${text} ${item.file.name}`);
  made.onclick = press;
  item.buttons.append(made);
}

function show(item, state, text) {
  item.state = state;
  item.line.className = `file ${state}`;
  item.word.textContent = text;
  item.bar.hidden = state !== 'sending';
  item.buttons.replaceChildren();
}

function added(file, page) {
  const item = { file, stop: new AbortController(), seen: [], said: 0, offset: 0, upload: null };
  item.line = line(page.box, file.name);
  item.word = item.line.querySelector('span');
  item.buttons = document.createElement('div');
  item.bar = document.createElement('progress');
  item.bar.max = 1;
  item.bar.setAttribute('aria-label', `How far ${file.name} has come`);
  item.line.append(item.buttons, item.bar);
  waits(item, page);
  return item;
}

function waits(item, page) {
  show(item, 'waiting', 'waits for its turn');
  button(item, 'Cancel', () => cancel(item, page));
}

// The queue: one file after the other, and the server hears of them once all are there

async function work(page) {
  if (page.busy) return;
  page.busy = true;
  for (let item; (item = page.items.find(one => one.state === 'waiting'));) await carry(item, page);
  page.busy = false;
  const here = page.items.filter(item => item.state === 'done');
  if (!here.length || here.length < page.items.length) return;
  page.items = [];
  page.finish(here.map(item => item.upload.id));
}

async function carry(item, page) {
  show(item, 'sending', 'begins');
  button(item, 'Cancel', () => cancel(item, page));
  item.bar.removeAttribute('value');
  item.seen = [];
  try {
    await send(item, page);
    show(item, 'done', size(item.file.size));
  } catch (error) {
    if (item.state === 'cancelled') return;
    if (!(error instanceof Refused)) console.error(error);
    show(item, 'failed', error instanceof Refused ? error.message : 'It could not be sent.');
    button(item, 'Try again', () => { waits(item, page); work(page); });
    button(item, 'Leave out', () => cancel(item, page));
    if (!error.message.startsWith('The connection')) forget(item);
  }
}

function forget(item) {
  if (!item.upload) return;
  const { address, token } = item.upload;
  item.upload = null;
  item.offset = 0;
  fetch(address, { method: 'DELETE', headers: { 'x-upload-token': token }, keepalive: true }).catch(() => {});
}

function cancel(item, page) {
  show(item, 'cancelled', 'cancelled');
  item.stop.abort();
  forget(item);
  page.items = page.items.filter(other => other !== item);
  work(page);
}

function take(files, page) {
  const room = page.data.most - page.items.length;
  if (!page.items.length) page.box.replaceChildren();
  page.said?.remove();
  if (files.length > room) {
    const most = page.data.most === 1 ? 'One file' : `${page.data.most} files`;
    page.said = line(page.box, '', 'note');
    page.said.lastChild.textContent = `${most} at a time: ${room ? `the first ${room} of ${files.length} are taken` : 'cancel one to drop another'}.`;
  }
  page.items.push(...[...files].slice(0, room).map(file => added(file, page)));
  work(page);
}

export default function ({ data, parentElement, setStateValue }) {
  const find = name => parentElement.querySelector(name);
  const zone = find('.zone'), input = find('input');
  const page = states.get(parentElement) ?? { items: [], busy: false, box: find('.files') };
  states.set(parentElement, page);
  page.data = data;
  page.finish = ids => setStateValue('files', ids);
  input.multiple = data.most > 1;
  input.setAttribute('aria-label', data.label);
  find('.words b').textContent = data.label;
  find('.words span').textContent = data.hint;
  if (!page.box.children.length) for (const file of data.done)
    line(page.box, file.name, 'done').lastChild.textContent = size(file.bytes);
  input.onchange = () => { take(input.files, page); input.value = ''; };
  zone.ondragover = event => { event.preventDefault(); zone.classList.add('over'); };
  zone.ondragleave = () => zone.classList.remove('over');
  zone.ondrop = event => { event.preventDefault(); zone.classList.remove('over'); take(event.dataTransfer.files, page); };
  return () => { // the zone has gone: what had not arrived is not wanted any more
    for (const item of page.items.filter(one => one.state !== 'done')) { item.state = 'cancelled'; item.stop.abort(); forget(item); }
  };
}
