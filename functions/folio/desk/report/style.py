"""How a report looks: one column on a phone, pictures and text side by side where there is room."""

STYLE = """
:root{color-scheme:light dark;--edge:light-dark(#d4d4d8,#3f3f46);--soft:light-dark(#f4f4f5,#27272a)}
*{box-sizing:border-box}
body{margin:0;padding:1rem;font:1rem/1.5 system-ui,sans-serif;background:light-dark(#fff,#18181b);
color:light-dark(#18181b,#e4e4e7);overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:0 0 .5rem}h2{font-size:1.15rem;margin:0 0 .5rem}h3{font-size:1rem;margin:.5rem 0 .25rem}
dl{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0 0 .5rem}dl div{display:flex;gap:.4rem}
dt{opacity:.7;white-space:nowrap}dd{margin:0}ul,ol{margin:0 0 .5rem;padding-left:1.4rem}
nav{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center;padding:.4rem 0;
background:light-dark(#fff,#18181b);border-bottom:1px solid var(--edge);font-size:.9rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem .9rem;list-style:none;margin:0;padding:0}
nav i{display:inline-block;width:.9rem;height:.9rem;margin-right:.35rem;vertical-align:-.1rem;
border:2px solid var(--grade)}
section{padding:1rem 0;border-bottom:1px solid var(--edge)}
.views{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));align-items:start}
figure{margin:0;min-width:0;overflow-x:auto}figcaption{font-weight:600;margin-bottom:.25rem}
figure div{position:relative;border:1px solid var(--edge)}
figure img{display:block;width:100%;height:auto}
svg{position:absolute;inset:0;width:100%;height:100%}
polygon{fill:var(--grade);fill-opacity:.08;stroke:var(--grade);stroke-width:.5;vector-effect:non-scaling-stroke}
polygon.g1,polygon.g2{fill-opacity:.2;stroke-width:1}
@media(max-width:40rem){polygon{fill-opacity:.04}}
body:has(#large:checked) polygon{stroke-width:1.25}
polygon:hover,a:focus polygon{fill-opacity:.35}
body:has(#boxes:not(:checked)) svg{display:none}
body:has(#large:checked) .views{grid-template-columns:1fr}
body:has(#large:checked) figure div{width:max(100%,1600px)}
article{min-width:0}article h3{margin-top:0}
.text{white-space:pre-wrap;background:var(--soft);padding:.75rem;border-radius:.25rem}
.text span{border-bottom:2px solid transparent;scroll-margin-top:6rem}
.text .g1,.text .g2{border-bottom-color:var(--grade)}
.text span:target{background:var(--grade);color:#fff}.text span:target::after{content:attr(data-c)}
.table{overflow-x:auto}table{border-collapse:collapse}
td,th{border:1px solid var(--edge);padding:.2rem .5rem;text-align:left}
.error{border-left:.3rem solid #d73027;padding:.25rem .75rem}.note{opacity:.75;margin:0}
"""
