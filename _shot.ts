import { chromium } from 'playwright-core'
const url='http://127.0.0.1:8410'
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--use-angle=swiftshader','--enable-unsafe-swiftshader','--disable-gpu-compositing']})
const [,,who,lang,theme,width,...paths]=process.argv
const c=await b.newContext({viewport:{width:Number(width),height:Number(width)<768?844:900},baseURL:url,reducedMotion:'reduce'})
const p=await c.newPage()
await p.addInitScript(([l,t])=>{localStorage.setItem('morin.locale',l);localStorage.setItem('morin.theme',t)},[lang,theme])
const a=await c.request.post('/api/v1/session',{headers:{origin:url},data:{username:who,password:'Morin-demo-2026'}})
console.log(a.status(), (await a.text()).slice(0,200))
const body=await a.text()
if(body.includes('NOTICE')){const st=await (await c.request.get('/api/v1/session/step')).json();console.log(await (await c.request.post('/api/v1/session/notice',{headers:{origin:url,'x-csrf-token':st.csrfToken},data:{noticeId:st.notice.noticeId}})).status())}
for(const [n,path] of paths.entries()){
  await p.goto(path); await p.waitForTimeout(6000)
  await p.screenshot({path:`/tmp/desk_${lang}_${theme}_${width}_${n}.png`})
}
await b.close()
