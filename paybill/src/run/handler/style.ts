// The style of the pages: one small sheet, light and dark, inside the page and allowed by its hash.

import { sha256 } from '../../lib/hash.ts'
import { html } from './html.ts'

export const styleElement = html`<style>
  :root {
    color-scheme: light dark;
    --ground: #f6f7f9;
    --card: #ffffff;
    --ink: #14181f;
    --quiet: #5b6472;
    --line: #dfe3e8;
    --link: #0b57b0;
    --good: #0a6b3d;
    --good-ground: #e3f4ea;
    --warn: #8a4b00;
    --warn-ground: #fdf0d9;
    --bad: #b3141d;
    --bad-ground: #fdeaea;
    --foreign: #faf4ff;
    --foreign-line: #b79bd6;
    --foreign-ink: #5d2f91;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #0f1216;
      --card: #181c22;
      --ink: #e8ebf0;
      --quiet: #9aa4b2;
      --line: #2c333d;
      --link: #7db4ff;
      --good: #6fd39d;
      --good-ground: #12301f;
      --warn: #f3bd6b;
      --warn-ground: #36270d;
      --bad: #ff8f93;
      --bad-ground: #3a1719;
      --foreign: #211a2b;
      --foreign-line: #6c5390;
      --foreign-ink: #cdb0f0;
    }
  }
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0;
    background: var(--ground);
    color: var(--ink);
    font:
      16px/1.5 system-ui,
      -apple-system,
      'Segoe UI',
      'DejaVu Sans',
      sans-serif;
  }
  header,
  main {
    max-width: 62rem;
    margin: 0 auto;
    padding: 0 1.25rem;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    align-items: baseline;
    padding-top: 1rem;
    padding-bottom: 0.75rem;
  }
  header strong {
    font-size: 1.05rem;
  }
  header nav {
    display: flex;
    gap: 1rem;
  }
  header .who {
    margin-left: auto;
    color: var(--quiet);
    font-size: 0.875rem;
  }
  main {
    padding-bottom: 4rem;
  }
  a {
    color: var(--link);
    text-decoration: none;
  }
  a:hover {
    text-decoration: underline;
  }
  a:focus-visible,
  button:focus-visible,
  summary:focus-visible {
    outline: 3px solid var(--link);
    outline-offset: 2px;
  }
  h1 {
    font-size: 1.5rem;
    line-height: 1.25;
    margin: 0.5rem 0 0.25rem;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 1.05rem;
    margin: 1.75rem 0 0.5rem;
  }
  p {
    margin: 0.35rem 0;
  }
  code,
  .value {
    font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
    font-size: 0.92em;
    overflow-wrap: anywhere;
  }
  small,
  .quiet {
    color: var(--quiet);
    font-size: 0.875rem;
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 0.6rem;
    padding: 1rem 1.25rem;
    margin: 0.75rem 0;
  }
  .headline {
    font-size: 2.1rem;
    font-weight: 700;
    line-height: 1.15;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .pill {
    display: inline-block;
    border-radius: 1rem;
    padding: 0.05rem 0.6rem;
    font-size: 0.8125rem;
    font-weight: 600;
    white-space: nowrap;
    background: var(--line);
    color: var(--ink);
  }
  .pill.good {
    background: var(--good-ground);
    color: var(--good);
  }
  .pill.warn {
    background: var(--warn-ground);
    color: var(--warn);
  }
  .pill.bad {
    background: var(--bad-ground);
    color: var(--bad);
  }
  .why {
    background: var(--warn-ground);
    border-left: 4px solid var(--warn);
    border-radius: 0.4rem;
    padding: 0.6rem 0.9rem;
    margin: 0.75rem 0;
  }
  .stop {
    background: var(--bad-ground);
    border-left: 4px solid var(--bad);
    border-radius: 0.4rem;
    padding: 0.6rem 0.9rem;
    margin: 0.75rem 0;
  }
  .why > p:first-child,
  .stop > p:first-child {
    font-weight: 600;
  }
  dl.values {
    margin: 0;
  }
  dl.values > div {
    display: grid;
    grid-template-columns: 9rem 1fr;
    gap: 0 1rem;
    padding: 0.7rem 0;
    border-top: 1px solid var(--line);
  }
  dl.values > div:first-child {
    border-top: 0;
    padding-top: 0.1rem;
  }
  dl.values dt {
    color: var(--quiet);
    overflow-wrap: anywhere;
  }
  dl.values dd {
    margin: 0;
    min-width: 0;
  }
  dl.values .value {
    font-size: 1.1rem;
    font-weight: 600;
    white-space: pre-wrap;
  }
  dl.values p {
    margin: 0.1rem 0;
    font-size: 0.875rem;
    color: var(--quiet);
  }
  dl.values p.check {
    color: var(--good);
  }
  dl.values p.asked {
    color: var(--warn);
    font-weight: 600;
  }
  dl.facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 1.25rem;
    margin: 0.35rem 0 0;
    font-size: 0.9rem;
  }
  dl.facts div {
    display: flex;
    gap: 0.4rem;
    min-width: 0;
  }
  dl.facts dt {
    color: var(--quiet);
    white-space: nowrap;
  }
  dl.facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .register {
    border-left: 4px solid var(--good);
    padding: 0.1rem 0.9rem;
    margin: 0.25rem 0 1rem;
  }
  .register .name {
    font-size: 1.1rem;
    font-weight: 600;
  }
  .foreign {
    background: var(--foreign);
    border: 2px dashed var(--foreign-line);
    border-radius: 0.6rem;
    padding: 0.75rem 1.25rem;
    margin: 1.5rem 0;
  }
  .foreign h2 {
    color: var(--foreign-ink);
    margin-top: 0.1rem;
  }
  .foreign dl.values .value {
    font-weight: 400;
    font-size: 1rem;
  }
  .foreign dl.values > div {
    border-color: var(--foreign-line);
  }
  .decide {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: center;
    margin: 1rem 0;
  }
  .decide form {
    margin: 0;
  }
  button {
    font: inherit;
    font-weight: 650;
    padding: 0.6rem 1.2rem;
    border-radius: 0.5rem;
    border: 1px solid transparent;
    cursor: pointer;
  }
  button.approve {
    background: #0a6b3d;
    color: #fff;
  }
  button.refuse {
    background: transparent;
    border-color: var(--bad);
    color: var(--bad);
  }
  button:hover {
    filter: brightness(1.1);
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.9375rem;
  }
  th {
    text-align: left;
    font-weight: 600;
    color: var(--quiet);
    font-size: 0.8125rem;
    padding: 0.3rem 0.75rem 0.3rem 0;
    border-bottom: 1px solid var(--line);
  }
  td {
    padding: 0.55rem 0.75rem 0.55rem 0;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  tr:last-child td {
    border-bottom: 0;
  }
  td.number,
  th.number {
    text-align: right;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  td.values {
    min-width: 16rem;
  }
  td.nowrap {
    white-space: nowrap;
  }
  th,
  td strong {
    white-space: nowrap;
  }
  td strong {
    font-variant-numeric: tabular-nums;
  }
  ul.tabs {
    list-style: none;
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    padding: 0;
    margin: 0.75rem 0;
  }
  ul.tabs a {
    display: block;
    padding: 0.15rem 0.75rem;
    border: 1px solid var(--line);
    border-radius: 1rem;
    font-size: 0.875rem;
  }
  ul.tabs a[aria-current] {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--card);
  }
  details {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 0.6rem;
    margin: 0.5rem 0;
  }
  .items {
    padding: 0 1rem 0.5rem;
  }
  .items details {
    margin: 0.4rem 0;
  }
  .items > ol.entries,
  .card > ol.entries {
    padding: 0;
  }
  .card > ol.entries > li:first-child {
    border-top: 0;
  }
  details.behind,
  .items details.behind {
    border: 0;
    margin: 0.15rem 0 0;
    background: none;
  }
  details.behind summary {
    padding: 0;
    font-size: 0.875rem;
    color: var(--quiet);
  }
  .place {
    color: var(--quiet);
    font-size: 0.75rem;
    margin-left: 0.4rem;
  }
  summary {
    cursor: pointer;
    padding: 0.55rem 1rem;
    overflow-wrap: anywhere;
  }
  summary .pill {
    margin-left: 0.5rem;
  }
  ol.entries {
    list-style: none;
    margin: 0;
    padding: 0 1rem 0.5rem;
  }
  ol.entries > li {
    display: grid;
    grid-template-columns: 2.75rem 1fr auto;
    gap: 0.6rem;
    padding: 0.45rem 0;
    border-top: 1px solid var(--line);
  }
  ol.entries > li > div {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  ol.entries time,
  .no {
    color: var(--quiet);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }
  .tone-refused > div,
  .tone-failed > div {
    color: var(--bad);
  }
  .tone-effect > div {
    color: var(--good);
  }
  .tone-asked > div {
    color: var(--warn);
  }
  .behind {
    color: var(--ink);
    font-size: 0.9rem;
  }
  .behind dl.values > div {
    padding: 0.3rem 0;
  }
  .behind dl.values .value {
    font-size: 0.95rem;
    font-weight: 400;
  }
  @media (max-width: 40rem) {
    .headline {
      font-size: 1.6rem;
    }
    dl.values > div {
      grid-template-columns: 1fr;
    }
    table.stack thead {
      display: none;
    }
    table.stack tr {
      display: block;
      padding: 0.6rem 0;
      border-bottom: 1px solid var(--line);
    }
    table.stack tr:last-child {
      border-bottom: 0;
    }
    table.stack td {
      min-width: 0;
      display: block;
      border: 0;
      padding: 0.08rem 0;
      text-align: left;
      white-space: normal;
    }
    table.stack td[data-label]::before {
      content: attr(data-label) ' ';
      color: var(--quiet);
      font-size: 0.8125rem;
    }
    ol.entries {
      padding: 0 0.75rem 0.5rem;
    }
    ol.entries > li {
      grid-template-columns: 2rem 1fr;
    }
    ol.entries > li > time {
      grid-column: 2;
    }
    .decide button,
    .decide form {
      width: 100%;
    }
  }
</style>`

const sheet = styleElement.text.slice('<style>'.length, -'</style>'.length)

/** What the policy of a page lets through: exactly this sheet. */
export const styleSource = `'sha256-${sha256(sheet).toString('base64')}'`
