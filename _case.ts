const url='http://127.0.0.1:8410'
async function enter(username:string){
 const a=await fetch(url+'/api/v1/session',{method:'POST',headers:{origin:url,'content-type':'application/json'},body:JSON.stringify({username,password:'Morin-demo-2026'})})
 const cookie=a.headers.getSetCookie()[0]!.split(';')[0]!; let s:any=await a.json().catch(()=>({}))
 if(JSON.stringify(s).includes('NOTICE')){const st:any=await (await fetch(url+'/api/v1/session/step',{headers:{cookie}})).json(); await fetch(url+'/api/v1/session/notice',{method:'POST',headers:{origin:url,cookie,'content-type':'application/json','x-csrf-token':st.csrfToken},body:JSON.stringify({noticeId:st.notice.noticeId})}); s=await (await fetch(url+'/api/v1/session',{headers:{cookie}})).json()}
 return {cookie,csrf:s.csrfToken, call:async(method:string,path:string,body?:object)=>{const r=await fetch(url+'/api/v1'+path,{method,headers:{origin:url,cookie,'content-type':'application/json','x-csrf-token':s.csrfToken},...(body?{body:JSON.stringify(body)}:{})});return {status:r.status,body:await r.json().catch(()=>null) as any}}}
}
const i=await enter('inspector'), two=await enter('inspector.two')
const buses=[23188,23187,23186,1,2,3]
const opened=await i.call('POST','/cases',{purpose:'核查群众来信反映的节假日用车',basis:'来信〔示例〕1 号',from:'2026-02-15T00:00:00Z',until:new Date().toISOString(),vehicleIds:buses})
console.log(opened.status,opened.body.caseId,opened.body.vehicleRows?.map((r:any)=>[r.state,r.vehicle?.plate,r.vehicle?.class]))
for(const r of opened.body.vehicleRows) if(r.state==='WAITING'&&r!==opened.body.vehicleRows.find((x:any)=>x.state==='WAITING')) console.log((await two.call('POST',`/case-vehicles/${r.caseVehicleId}/actions`,{action:'release',version:1,reason:'经审核同意'})).status)
console.log(JSON.stringify((await i.call('GET',`/cases/${opened.body.caseId}/meetings?from=2026-02-16T00:00:00Z&to=2026-02-18T00:00:00Z`)).body).slice(0,500))
