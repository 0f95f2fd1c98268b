// All that comes in is somebody else's: it is only ever set as text.
const element = (id) => document.getElementById(id);
const list = element('requests');

const ANSWERS = { creative: 'a creative', empty: 'nothing: no campaign serves this zone' };

function addRequest({ number, receivedAt, page, zone, data, body, answer }) {
  const item = element('request').content.cloneNode(true);
  const say = (selector, text) => {
    item.querySelector(selector).textContent = text;
  };
  say('.zone', zone || '(no zone)');
  say('.answer', `${answer.status} · ${ANSWERS[answer.kind] ?? answer.code}`);
  item.querySelector('.answer').dataset.kind = answer.kind;
  say('time', new Date(receivedAt).toLocaleTimeString());
  say('.page', page || '(no page)');
  const said = answer.kind === 'error' ? body : data;
  say('pre', typeof said === 'string' ? said : JSON.stringify(said, null, 2));
  item.querySelector('li').value = number;
  list.prepend(item);
}

function sayCount() {
  const count = list.children.length;
  element('status').textContent =
    count === 0
      ? 'Nothing yet. Open a page of the store.'
      : `${count} ${count === 1 ? 'request' : 'requests'}`;
}

const stream = new EventSource('/requests');
stream.addEventListener('state', ({ data }) => {
  const { mode, requests } = JSON.parse(data);
  element('core-mode').value = mode;
  list.replaceChildren();
  requests.forEach(addRequest);
  sayCount();
});
stream.addEventListener('request', ({ data }) => {
  addRequest(JSON.parse(data));
  sayCount();
});
stream.addEventListener('error', () => {
  element('status').textContent = 'The sandbox has stopped. This page goes on when it runs again.';
});

element('clear').addEventListener('click', () => fetch('/requests', { method: 'DELETE' }));
element('core-mode').addEventListener('change', ({ target }) =>
  fetch('/core-mode', { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: target.value }),
);
