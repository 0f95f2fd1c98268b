// All that comes in is somebody else's: it is only ever set as text.
const element = (id) => document.getElementById(id);
const list = element('received');

/** Event tags, which show nothing. */
const EVENTS = ['conversion', 'registration'];

const ANSWERS = {
  creative: 'a creative',
  event: 'noted',
  empty: 'nothing: no campaign serves this zone',
};

function add(entry) {
  const { number, receivedAt, page, zone, data, body, answer, event } = entry;
  const item = element('entry').content.cloneNode(true);
  const say = (selector, text) => {
    item.querySelector(selector).textContent = text;
  };
  say('time', new Date(receivedAt).toLocaleTimeString());
  say(
    '.page',
    event
      ? `from a server, to /v6/${event.endpoint === 'sync' ? 'events' : 'async-events'}`
      : page || '(no page)',
  );
  if (event) {
    say('.zone', event.name);
    say('.answer', event.isDuplicate ? '200 · a duplicate: counted once' : '200 · noted');
    item.querySelector('.answer').dataset.kind = event.isDuplicate ? 'empty' : 'event';
    say('pre', JSON.stringify({ event_time: event.time, data: event.data }, null, 2));
  } else if (answer) {
    say('.zone', zone || '(no zone)');
    const kind = answer.kind === 'empty' && EVENTS.includes(zone) ? 'event' : answer.kind;
    say('.answer', `${answer.status} · ${ANSWERS[kind] ?? answer.code}`);
    item.querySelector('.answer').dataset.kind = kind;
    item.querySelector('.verified').hidden = typeof body?.jwt !== 'string';
    const said = answer.kind === 'error' ? body : data;
    say('pre', typeof said === 'string' ? said : JSON.stringify(said, null, 2));
  } else {
    say('.zone', 'Sign-out');
    say('.answer', 'the shopper is forgotten');
    item.querySelector('pre').remove();
  }
  item.querySelector('li').value = number;
  list.prepend(item);
}

function sayCount() {
  const count = list.children.length;
  element('status').textContent =
    count === 0 ? 'Nothing yet. Open a page of the store.' : `${count} ${count === 1 ? 'entry' : 'entries'}`;
}

const stream = new EventSource('/requests');
stream.addEventListener('state', ({ data }) => {
  const { mode, received } = JSON.parse(data);
  element('core-mode').value = mode;
  list.replaceChildren();
  received.forEach(add);
  sayCount();
});
stream.addEventListener('received', ({ data }) => {
  add(JSON.parse(data));
  sayCount();
});
stream.addEventListener('error', () => {
  element('status').textContent = 'The sandbox has stopped. This page goes on when it runs again.';
});

element('clear').addEventListener('click', () => fetch('/requests', { method: 'DELETE' }));
element('core-mode').addEventListener('change', ({ target }) =>
  fetch('/core-mode', { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: target.value }),
);
