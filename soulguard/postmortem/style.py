"""The look of the report page: one style sheet, the verdict colours of the live view."""

CSS = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1a1a1a; --line: #ddd;
  --deny: #600018; --ask: #005fcc; --advise: #946e00; --quiet: #767676; --soft: #f3f5f7; }
@media (prefers-color-scheme: dark) { :root { --ground: #121212; --ink: #e0e0e0;
  --line: #333; --deny: #ff5c39; --ask: #56b4e9; --advise: #f0e442; --quiet: #8a8a8a;
  --soft: #1e1e1e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; }
small, footer, td div, dt, th { color: var(--quiet); }
code, pre, time { font-family: ui-monospace, monospace; font-size: .9em; }
td code, dd { overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
dd { margin: 0; }
.numbers { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem; }
.numbers li { background: var(--soft); border-radius: .4rem; padding: .3rem .7rem; }
.numbers .saved { outline: 1px solid var(--ask); }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
td:first-child { white-space: nowrap; }
.deny { color: var(--deny); font-weight: 600; } .ask { color: var(--ask); font-weight: 600; }
.advise { color: var(--advise); } .quiet { color: var(--quiet); }
pre { background: var(--soft); padding: .6rem .8rem; overflow: auto; border-radius: .4rem; }
ins { color: var(--deny); text-decoration: none; } del { color: var(--ask);
  text-decoration: none; }
summary { cursor: pointer; color: var(--quiet); }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font: 12px ui-monospace, monospace; }
svg .deny { fill: var(--deny); } svg .ask { fill: var(--ask); }
svg .advise { fill: var(--advise); } svg .done { fill: var(--quiet); }
svg rect { fill: var(--soft); stroke: var(--line); }
svg rect.cut { stroke: var(--advise); stroke-dasharray: 4 3; }
footer { margin-top: 3rem; font-size: .85rem; }
@media print { details { display: block; } body { font-size: 11px; } }
"""
