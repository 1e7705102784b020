// The widget's looks. A page's own style sheets do not reach in here but for what the element inherits and what is said of
// the element itself: `!important` in :host wins over theirs (CSS Cascade 5, section 6.4.4). Sizes are in em of the
// citizen's own text size, as rem would be the page's. --kratt-... are for the page to set (docs/guides/channels).

const CSS = `
:host {
  all: initial !important;
  display: block !important;
  position: fixed !important;
  inset: auto var(--kratt-offset, 1.25em) var(--kratt-offset, 1.25em) auto !important;
  z-index: 2147483647 !important;
  color-scheme: light dark !important;
  font: medium/1.5 var(--kratt-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif) !important;
  --ground: var(--kratt-ground, light-dark(#ffffff, #141c24));
  --text: var(--kratt-text, light-dark(#17212b, #e9eff5));
  --soft: light-dark(#4a5866, #aebccb);
  --line: light-dark(#7b8a99, #8495a6);
  --hairline: light-dark(#d9e0e7, #303d4a);
  --accent: var(--kratt-accent, light-dark(#0b4f8a, #8fc7ff));
  --on-accent: var(--kratt-on-accent, light-dark(#ffffff, #06223c));
  --band: var(--kratt-band, light-dark(#0b3a66, #0a2742));
  --on-band: var(--kratt-on-band, #ffffff);
  --own: light-dark(#e4eff9, #17395a);
  --alarm: light-dark(#a3241b, #ffb4ab);
  --on-alarm: light-dark(#ffffff, #5a0d07);
  --warning: light-dark(#fff4d6, #43320a);
  --focus: light-dark(#b45309, #ffc46b);
  --radius: var(--kratt-radius, 0.875em);
}
:host([theme="light"]) { color-scheme: light !important; }
:host([theme="dark"]) { color-scheme: dark !important; }
:host([inline]) { position: static !important; z-index: auto !important; height: 100% !important; }
:host([hidden]) { display: none !important; }

*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
button, textarea, input { font: inherit; color: inherit; }
button { cursor: pointer; touch-action: manipulation; }
h2, h3, p, ul { margin: 0; padding: 0; }
ul { list-style: none; }
svg { width: 1.375em; height: 1.375em; flex: none; }
.voice { fill: none; stroke: var(--band); stroke-width: 1.8; stroke-linecap: round; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 0.1875em solid var(--focus); outline-offset: 0.125em; }

#launcher {
  display: flex; align-items: center; gap: 0.625em;
  padding: 0.75em 1.25em 0.75em 1em;
  border: 1px solid transparent; border-radius: 2em;
  background: var(--band); color: var(--on-band);
  font-weight: 600;
  box-shadow: 0 0.25em 1em rgb(10 30 50 / 28%);
}
#launcher:hover { box-shadow: 0 0.375em 1.5em rgb(10 30 50 / 38%); }
#launcher svg { width: 1.5em; height: 1.5em; }
header :focus-visible { outline-color: #ffc46b; }

#panel {
  position: relative; display: flex; flex-direction: column;
  width: var(--kratt-width, 25em); max-width: calc(100vw - 2em);
  height: var(--kratt-height, 40em); max-height: calc(100dvh - 2em);
  overflow: hidden;
  border: 1px solid var(--hairline); border-radius: var(--radius);
  background: var(--ground); color: var(--text);
  box-shadow: 0 0.5em 2.5em rgb(10 30 50 / 28%);
  overflow-wrap: anywhere;
}
:host([inline]) #panel { width: 100%; max-width: none; height: 100%; max-height: none; box-shadow: none; }
:host([inline]) #close { display: none; }

header { display: flex; align-items: center; gap: 0.625em; padding: 0.625em 0.625em 0.625em 1em; background: var(--band); color: var(--on-band); }
header h2 { flex: 1; font-size: 1.125em; line-height: 1.2; font-weight: 600; }
.round { display: grid; place-items: center; flex: none; width: 2.75em; height: 2.75em; padding: 0; border: 0; border-radius: 50%; background: none; }
header .round:hover { background: rgb(255 255 255 / 14%); }

#bar { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0 0.75em; padding: 0.25em 0.75em; border-bottom: 1px solid var(--hairline); font-size: 0.875em; }
#languages, #account { display: flex; flex-wrap: wrap; align-items: center; }
#account { gap: 0 0.5em; }
#bar button { padding: 0.375em 0.5em; border: 0; background: none; }
#languages button { border-bottom: 2px solid transparent; color: var(--soft); }
#languages button[aria-pressed="true"] { border-bottom-color: var(--accent); color: var(--text); font-weight: 600; }
#account button { color: var(--accent); font-weight: 600; text-decoration: underline; text-underline-offset: 0.2em; }
#person { color: var(--soft); }

#menu { position: absolute; top: 3.75em; right: 0.75em; z-index: 1; display: flex; flex-direction: column; min-width: 16em; max-width: calc(100% - 1.5em); max-height: calc(100% - 4.5em); overflow-y: auto; padding: 0.375em; border: 1px solid var(--hairline); border-radius: var(--radius); background: var(--ground); box-shadow: 0 0.5em 2em rgb(10 30 50 / 30%); }
#menu button, .choice { display: flex; align-items: center; gap: 0.625em; padding: 0.5em 0.625em; border: 0; border-radius: 0.5em; background: none; text-align: left; cursor: pointer; }
#menu button:hover, .choice:hover { background: var(--own); }
.choice input { width: 1.25em; height: 1.25em; margin: 0; accent-color: var(--accent); }

#scroll { flex: 1; min-height: 6em; overflow-y: auto; overscroll-behavior: contain; padding: 1em; outline-offset: -0.1875em; }
.intro { margin-bottom: 0.875em; font-size: 1.125em; }
h3 { margin-bottom: 0.5em; color: var(--soft); font-size: 0.875em; font-weight: 600; }
#welcome ul { display: flex; flex-direction: column; align-items: flex-start; gap: 0.5em; }
li button { padding: 0.4375em 0.875em; border: 1px solid var(--line); border-radius: 2em; background: var(--ground); color: var(--accent); text-align: left; }
li button:hover { border-color: var(--accent); background: var(--own); }

.notice { margin-bottom: 0.75em; padding: 0.625em 0.875em; border-left: 0.1875em solid var(--line); background: var(--own); font-size: 0.9375em; }
.notice.urgent { border-left-color: var(--alarm); background: var(--warning); font-weight: 600; }

#hand-over { flex: 1; display: flex; flex-direction: column; align-items: center; gap: 0.625em; overflow-y: auto; padding: 1.25em 1em; text-align: center; outline: none; }
#hand-over-drawn svg { display: block; width: 12em; height: 12em; border-radius: 0.375em; shape-rendering: crispEdges; }
#hand-over-address { font-weight: 600; }
#hand-over-code { font-size: 1.5em; font-weight: 600; letter-spacing: 0.08em; font-variant-numeric: tabular-nums; user-select: all; }

#feedback { flex: 1; overflow-y: auto; padding: 1.25em 1em; }
#feedback fieldset { margin: 0 0 1.25em; padding: 0; border: 0; }
#feedback legend { margin-bottom: 0.75em; padding: 0; font-size: 1.125em; font-weight: 600; }
.grades { display: flex; gap: 0.5em; }
.grade { position: relative; flex: 1; }
.grade input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.grade span { display: grid; place-items: center; height: 3em; border: 1px solid var(--line); border-radius: 0.625em; font-weight: 600; }
.grade input:checked + span { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.grade input:focus-visible + span { outline: 0.1875em solid var(--focus); outline-offset: 0.125em; }
.ends { display: flex; justify-content: space-between; margin-top: 0.375em; color: var(--soft); font-size: 0.875em; }
#feedback textarea { display: block; width: 100%; margin: 0.375em 0 0.875em; padding: 0.625em 0.75em; border: 1px solid var(--line); border-radius: 0.625em; }
#feedback textarea:focus-visible { outline: 0.1875em solid var(--focus); }
.choices { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5em 1em; }
.quiet { padding: 0.5em; border: 0; background: none; color: var(--accent); text-decoration: underline; text-underline-offset: 0.2em; }

#log { display: flex; flex-direction: column; gap: 1em; }
.message { align-self: flex-start; max-width: 94%; }
.message p { margin-bottom: 0.375em; white-space: pre-line; }
.message > :last-child { margin-bottom: 0; }
.message .who { margin-bottom: 0.125em; color: var(--soft); font-size: 0.8125em; font-weight: 600; }
.message .sources { margin-top: 0.5em; color: var(--soft); font-size: 0.8125em; }
.message ul { display: flex; flex-wrap: wrap; gap: 0.5em; margin: 0.5em 0 0.25em; }
.message a { color: var(--accent); text-underline-offset: 0.2em; }
.message.kratt { padding-left: 0.75em; border-left: 0.1875em solid var(--accent); }
.message.you { align-self: flex-end; max-width: 88%; padding: 0.5em 0.875em; border: 1px solid transparent; border-radius: var(--radius) var(--radius) 0.125em var(--radius); background: var(--own); }
.message.error { border-left-color: var(--alarm); }
.login, .consent, .filled { display: inline-block; margin: 0.25em 0; padding: 0.5em 1.25em; border: 1px solid transparent; border-radius: 2em; background: var(--accent); color: var(--on-accent); font-weight: 600; }
#panel[data-logged-in] .login { display: none; }
#log:not(:empty) + #typing { margin-top: 1em; }

#typing { display: none; gap: 0.3125em; padding: 0.5em 0.75em; }
#panel[data-state="thinking"] #typing { display: flex; }
#typing i { width: 0.5em; height: 0.5em; border-radius: 50%; background: var(--soft); }

#composer { padding: 0.25em 0.75em 0.75em; border-top: 1px solid var(--hairline); }
#now { display: flex; flex-wrap: wrap; align-items: center; gap: 0 0.75em; min-height: 1.75em; font-size: 0.875em; }
#status, #cannot-hear { color: var(--soft); }
#cannot-hear { margin-top: 0.375em; font-size: 0.875em; }
#partial { font-style: italic; }
#hush { padding: 0.25em 0; border: 0; background: none; color: var(--accent); text-decoration: underline; }
.ask { display: flex; align-items: flex-end; gap: 0.375em; padding: 0.25em; border: 1px solid var(--line); border-radius: 1.625em; }
.ask:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
textarea { flex: 1; min-width: 0; min-height: 2.75em; max-height: 8em; padding: 0.625em 0.25em 0.625em 0.875em; border: 0; border-radius: 1.375em; background: none; line-height: 1.5; resize: none; field-sizing: content; }
textarea:focus { outline: none; }
textarea::placeholder { color: var(--soft); opacity: 1; }
#talk { color: var(--accent); touch-action: none; user-select: none; -webkit-user-select: none; }
#talk:hover { background: var(--own); }
#talk[aria-pressed="true"] { background: var(--alarm); color: var(--on-alarm); }
#send { background: var(--accent); color: var(--on-accent); }
[aria-disabled="true"] { cursor: progress; opacity: 0.75; }

@media (max-width: 30em) {
  :host(:not([inline])) { inset: auto 0.75em 0.75em auto !important; }
  :host(:not([inline])) #panel:not([hidden]) { position: fixed; inset: 0; width: auto; max-width: none; height: auto; max-height: none; border: 0; border-radius: 0; }
}
@media (prefers-reduced-motion: no-preference) {
  #typing i { animation: breathe 1.2s ease-in-out infinite; }
  #typing i:nth-child(2) { animation-delay: 0.2s; }
  #typing i:nth-child(3) { animation-delay: 0.4s; }
  #talk[aria-pressed="true"] svg { animation: breathe 1.6s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: 0.35; } }
}
@media (forced-colors: active) {
  #launcher, #panel, .message.you, .login, .consent, .filled, .round { border: 1px solid; }
}
`;

export function styles() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}
