import { createHash } from 'node:crypto';
import { VERSION } from '../../catalog/version.js';
import { type Answer, type Answered, isScript, textOf } from '../../store/answer.js';
import type { Finding } from '../finding.js';
import { shortly } from './answer.js';
import type { Evidence } from './evidence.js';
import { scriptsOn } from './installed-store.js';
import type { Page, ScriptTag } from './page.js';
import { addressOf, listed } from './printable.js';
import { scriptsShownAt } from './script-pages.js';

const DAY_SECONDS = 86_400;

/** Is our script on the page, once, early enough, and is it served as browsers need it? */
export function checkSdk(evidence: Evidence): Finding[] {
  const { page, sdk, installation } = evidence;
  const [tag] = installation.sdkTags;
  if (!tag || !sdk) return checkMissing(evidence);
  return [
    ...checkTwice(evidence),
    ...checkHeldBack(tag, page),
    ...checkPlace(tag, page),
    ...checkHash(tag, sdk.file, page),
    ...checkFile(tag, sdk.file),
    ...checkParts(tag, sdk.part, page),
    ...checkCors(tag, sdk.file, page),
    ...checkCaching(sdk.file),
    ...checkVersion(tag, sdk.file),
  ];
}

function checkMissing({ page, installation, visit, store }: Evidence): Finding[] {
  // A bundle may hold the SDK, and a script may add its tag.
  if (visit?.failure === undefined && visit?.version) {
    return [
      {
        code: 'SDK_FOUND',
        severity: 'info',
        what: `The SDK ${visit.version} runs on the page, brought by another script.`,
      },
    ];
  }
  if (!scriptsShownAt(page.url) && installation.configurations.length === 0) {
    return [
      {
        code: 'PAGE_SHOWS_NO_SCRIPTS',
        severity: 'info',
        what: 'No tag of extole-storefront.js is on the page, and BigCommerce may show store scripts on no page of account, login or checkout.',
        why: 'What this page lacks says nothing of the other pages.',
        todo: 'Look at another page, such as that of a product.',
      },
    ];
  }
  const isHeadless = page.scripts.some(({ src }) => src?.includes('/_next/static/'));
  return [
    {
      code: 'SDK_MISSING',
      severity: isHeadless && !visit ? 'warning' : 'error',
      what: installation.configurations[0]
        ? `The configuration is on the page (line ${installation.configurations[0].line}), but no tag of extole-storefront.js.`
        : 'No tag of extole-storefront.js is on the page.',
      why: isHeadless
        ? 'This is a Catalyst or headless storefront, whose bundle may hold the SDK; that shows in a browser only.'
        : 'Without it no zone shows.',
      todo: 'Publish the scripts to this channel, see in Script Manager that they are there for this kind of page, and look again after half a minute.',
    },
    // A store that has no script of ours shows nothing of it, whatever its theme prints.
    ...(store && scriptsOn(page.url, store)?.length === 0 ? [] : checkHeadScripts(page)),
  ];
}

/**
 * What BigCommerce prints into `head.scripts` of live Stencil pages. Not documented; seen on the pages of many stores.
 */
const HEAD_SCRIPTS =
  /\bBCData\b|\/nobot\b|consentManagerStoreConfig|checkout-sdk\.bigcommerce\.com|bodl-events/;

function checkHeadScripts({ scripts }: Page): Finding[] {
  if (scripts.some(({ src = '', text }) => HEAD_SCRIPTS.test(src + text))) return [];
  return [
    {
      code: 'HEAD_SCRIPTS_NOT_FOUND',
      severity: 'warning',
      what: "Nothing on the page shows that its theme prints BigCommerce's scripts.",
      why: 'Scripts of the Scripts API and of Script Manager come in place of {{{head.scripts}}} and {{{footer.scripts}}} in the layout; a theme without them shows none. They never show in Stencil CLI on a developer’s machine.',
      todo: 'See that templates/layout/base.html prints {{{head.scripts}}} in <head> and {{{footer.scripts}}} before </body>.',
    },
  ];
}

function checkTwice({ installation, page }: Evidence): Finding[] {
  const { sdkTags } = installation;
  if (sdkTags.length < 2) return [];
  return [
    {
      code: 'SDK_TWICE',
      severity: 'warning',
      what: `The SDK's tag is on the page ${sdkTags.length} times (lines ${listed(sdkTags.map(({ line }) => `${line}`))}).`,
      why: 'The copy that comes first has the page; each further one is loaded for nothing, and its configuration may not be the one that holds.',
      todo: 'Keep one: either the one that was published, or the one in the theme.',
      ...placeOf(sdkTags[1], page),
    },
  ];
}

function checkHeldBack(tag: ScriptTag, page: Page): Finding[] {
  if (tag.isRun) return [];
  return [
    {
      code: 'SDK_HELD_BACK',
      severity: 'info',
      what: `The SDK's tag has the type "${tag.attributes.type}", so that a consent manager decides when it runs.`,
      ...placeOf(tag, page),
    },
  ];
}

function checkPlace(tag: ScriptTag, page: Page): Finding[] {
  const findings: Finding[] = [];
  const before = page.scripts.slice(0, page.scripts.indexOf(tag)).filter(({ isBlocking }) => isBlocking);
  if (tag.isBlocking) {
    findings.push({
      code: 'SDK_BLOCKS',
      severity: 'warning',
      what: "The SDK's tag has no async attribute.",
      why: 'The page waits for it before it shows what comes behind.',
      todo: 'Write async into the tag.',
      ...placeOf(tag, page),
    });
  }
  if (!tag.isInHead && scriptsShownAt(page.url) !== 'order-confirmation') {
    findings.push({
      code: 'SDK_LATE',
      severity: 'warning',
      what: `The SDK's tag stands in the body, on line ${tag.line}.`,
      why: 'Browsers find it late, so that creatives come late.',
      todo: 'Put it into the head: the location of its script is "head", and in a theme it stands in <head>.',
      ...placeOf(tag, page),
    });
  } else if (tag.isInHead && before.length > 0) {
    findings.push({
      code: 'SDK_BEHIND_SCRIPTS',
      severity: 'info',
      what: `${before.length} script${before.length === 1 ? '' : 's'} that the page waits for stand${before.length === 1 ? 's' : ''} in front of the SDK's tag on line ${tag.line}.`,
      todo: 'Where creatives come late, give them async or defer, or put them behind it.',
      ...placeOf(tag, page),
    });
  }
  return findings;
}

const isOtherOrigin = ({ src = '' }: ScriptTag, page: Page): boolean =>
  new URL(src, page.url).origin !== new URL(page.url).origin;

function checkHash(tag: ScriptTag, file: Answer, page: Page): Finding[] {
  const { integrity, crossorigin } = tag.attributes;
  if (!integrity) {
    if (!isOtherOrigin(tag, page)) return [];
    return [
      {
        code: 'SDK_INTEGRITY_MISSING',
        severity: 'warning',
        what: "The SDK's tag has no integrity attribute.",
        why: 'With it browsers run the file only as it was released, whatever becomes of the server that it comes from.',
        todo: 'Publish again, or add integrity="sha384-…" with crossorigin="anonymous".',
        ...placeOf(tag, page),
      },
    ];
  }
  if (crossorigin === undefined && isOtherOrigin(tag, page)) {
    return [
      {
        code: 'SDK_CROSSORIGIN_MISSING',
        severity: 'error',
        what: "The SDK's tag has an integrity attribute, but no crossorigin attribute.",
        why: 'Browsers do not run it: they can check the hash of a file of another origin only where they may read it.',
        todo: 'Write crossorigin="anonymous" into the tag.',
        ...placeOf(tag, page),
      },
    ];
  }
  if (file.failure !== undefined || file.status !== 200 || file.isCut || isHashOf(integrity, file.body))
    return [];
  return [
    {
      code: 'SDK_INTEGRITY_MISMATCH',
      severity: 'error',
      what: `The SDK at ${addressOf(file.url)} is not the one that the tag's integrity attribute names.`,
      why: 'Browsers do not run it.',
      todo: 'Publish again; an address with a version in it must never serve another file.',
      ...placeOf(tag, page),
    },
  ];
}

/** Whether bytes are those of an integrity attribute: its strongest kind of hash counts. Source: W3C, "Subresource Integrity". */
function isHashOf(integrity: string, bytes: Uint8Array): boolean {
  const hashes = [...integrity.matchAll(/(sha256|sha384|sha512)-([A-Za-z\d+/=]+)/g)];
  const strongest = hashes
    .map(([, algorithm = '']) => algorithm)
    .sort()
    .at(-1);
  if (strongest === undefined) return true;
  const found = createHash(strongest).update(bytes).digest('base64');
  return hashes.some(([, algorithm, hash]) => algorithm === strongest && hash === found);
}

function checkFile(tag: ScriptTag, file: Answer): Finding[] {
  if (file.failure !== undefined || !isScript(file)) {
    return [
      {
        code: 'SDK_UNREACHABLE',
        severity: 'error',
        what: `The SDK at ${addressOf(tag.src ?? '')} could not be had: ${shortly(file)}.`,
        why: 'Without it no zone shows.',
        todo: 'See that the address in the tag serves extole-storefront.js as text/javascript.',
      },
    ];
  }
  if (textOf(file).includes('extoleStorefront')) return [];
  return [
    {
      code: 'SDK_WRONG_FILE',
      severity: 'error',
      what: `What ${addressOf(file.url)} serves is not the storefront SDK.`,
      todo: 'Serve the files of a release there, all of dist/storefront.',
    },
  ];
}

function checkParts(tag: ScriptTag, part: Answer, page: Page): Finding[] {
  const isReadable =
    part.failure === undefined && isScript(part) && (!isOtherOrigin(tag, page) || isAllowed(part, page));
  if (isReadable) return [];
  return [
    {
      code: 'SDK_PARTS_MISSING',
      severity: 'error',
      what: `extole-storefront-messages.js beside the SDK could not be had from this page: ${shortly(part)}.`,
      why: 'Files beside the SDK are loaded as modules when a page needs them: for custom event data, for signed-in shoppers, and more. From another origin browsers want Access-Control-Allow-Origin.',
      todo: 'Serve all files of the release beside the SDK, with "Access-Control-Allow-Origin: *".',
    },
  ];
}

function checkCors(tag: ScriptTag, file: Answer, page: Page): Finding[] {
  if (!isOtherOrigin(tag, page) || tag.attributes.crossorigin === undefined) return [];
  if (file.failure !== undefined || file.status !== 200 || isAllowed(file, page)) return [];
  return [
    {
      code: 'SDK_CORS_MISSING',
      severity: 'error',
      what: `${addressOf(file.url)} does not send Access-Control-Allow-Origin for this storefront.`,
      why: 'A tag with a crossorigin attribute does not run without it.',
      todo: 'Send "Access-Control-Allow-Origin: *" with all files of the SDK.',
    },
  ];
}

const isAllowed = ({ headers }: Answered, page: Page): boolean =>
  ['*', new URL(page.url).origin].includes(headers.get('access-control-allow-origin') ?? '');

function checkCaching(file: Answer): Finding[] {
  if (file.failure !== undefined || file.status !== 200) return [];
  const header = file.headers.get('cache-control') ?? '';
  const seconds = Number(/\bmax-age=(\d+)/.exec(header)?.[1] ?? 0);
  if (!/\bno-(store|cache)\b/.test(header) && seconds >= DAY_SECONDS) return [];
  return [
    {
      code: 'SDK_NOT_CACHED',
      severity: 'warning',
      what: `The SDK is served with ${header ? `"Cache-Control: ${header}"` : 'no Cache-Control'}.`,
      why: 'Browsers ask for it again on page after page, before zones can show.',
      todo: 'Serve it under an address that names the version, with "Cache-Control: public, max-age=31536000, immutable".',
    },
  ];
}

function checkVersion(tag: ScriptTag, file: Answer): Finding[] {
  if (file.failure !== undefined || !isScript(file)) return [];
  const inFile = /\bversion:\s*["'](\d+\.\d+\.\d+)["']/.exec(textOf(file))?.[1];
  const inAddress = /\/v?(\d+\.\d+\.\d+)\/extole-storefront\.js/.exec(tag.src ?? '')?.[1];
  const findings: Finding[] = [
    {
      code: 'SDK_FOUND',
      severity: 'info',
      what: `The SDK ${inFile ?? inAddress ?? 'of an unknown version'} is on the page, on line ${tag.line}.`,
    },
  ];
  if (inFile && inAddress && inFile !== inAddress) {
    findings.push({
      code: 'SDK_VERSION_DIFFERS',
      severity: 'warning',
      what: `The SDK's address names version ${inAddress}, the file is ${inFile}.`,
      why: 'Browsers keep a file of a versioned address for a year.',
      todo: 'Serve each version under its own address.',
    });
  }
  if (inFile && isOlder(inFile, VERSION)) {
    findings.push({
      code: 'SDK_OUTDATED',
      severity: 'warning',
      what: `The SDK is version ${inFile}; this command line comes with ${VERSION}.`,
      todo: 'Publish again.',
    });
  }
  return findings;
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

/** Where a tag stands. */
function placeOf(tag: ScriptTag | undefined, { url }: Page): Pick<Finding, 'file' | 'line'> {
  return tag ? { file: addressOf(url), line: tag.line } : {};
}
