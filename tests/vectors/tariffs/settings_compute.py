#!/usr/bin/env python3
"""Computes settings.jsonl with exact fractions, apart from the C engine that it judges."""
import pathlib
from fractions import Fraction as F
import json
cases=[]
def half_up(x):  # fen
    s=1 if x>=0 else -1
    x=abs(x); n=x.numerator*2+x.denominator
    return s*(n//(2*x.denominator))
def tiers(q,ytd,lims):
    lims=list(lims)+[None]; out=[]; low=F(0)
    for l in lims:
        def ov(x): 
            x=min(x,l) if l is not None else x
            return max(x-low,0)
        out.append(ov(ytd+q)-ov(ytd)); low=l
    return out
W=[{"name":"water","prices":["2.67","4.01","8.01"]},{"name":"sewage","coef":"0.9","prices":["0.90","1.00","1.10"]},{"name":"garbage","coef":"0.9","price":"0.59"}]
def num(x):
    x=F(x); 
    return int(x) if x.denominator==1 else float(x)
def rate(id,tariff,inp,lims,mode='item',fixed=None,minq=None,minc=None,months=1):
    q=F(str(inp['qty'])); 
    if minq is not None: q=max(q,F(str(minq))*months)
    tq=tiers(q,F(str(inp.get('ytd',0))),lims)
    items={};rows={}
    for it in tariff['items']:
        c=F(it.get('coef','1'))
        if 'prices' in it: r=[c*t*F(p)*100 for t,p in zip(tq,it['prices'])]
        else: r=[c*q*F(it['price'])*100]
        rows[it['name']]=r
    if mode=='item': items={k:half_up(sum(r)) for k,r in rows.items()}
    elif mode=='row': items={k:sum(half_up(x) for x in r) for k,r in rows.items()}
    else:
        tot=half_up(sum(sum(r) for r in rows.values())); ex={k:sum(r) for k,r in rows.items()}
        s=sum(ex.values()); sh={k:v*tot/s for k,v in ex.items()}
        items={k:int(v) for k,v in sh.items()}; rest=tot-sum(items.values())
        for k in sorted(sh,key=lambda k:(-(sh[k]-int(sh[k])),list(sh).index(k)))[:rest]: items[k]+=1
    if fixed:
        for n,a in fixed: items[n]=half_up(F(a)*100)*months
    tot=sum(items.values())
    if minc is not None and tot<half_up(F(minc)*100): items['minimum_charge']=half_up(F(minc)*100)-tot; tot=half_up(F(minc)*100)
    cases.append({"id":id,"tariff":tariff,"input":inp,"expect":{"limits":[num(l) for l in lims],"tier_qty":[num(x) for x in tq],"items_fen":items,"total_fen":tot}})
B={"utility":"water","unit":"m3","cycle":"month","limits":[22,30],"items":W}
rate("S-MONTHS-1",B,{"qty":61,"months":2},[44,60])
rate("S-MONTHS-2",{**{k:v for k,v in B.items() if k!='limits'},"monthly_limits":[22,30]},{"qty":80.5,"months":3},[66,90])
rate("S-PERSONS-1",{**B,"household":{"kind":"per_person","base":4,"add":[5,7]}},{"qty":45,"persons":6},[32,44])
rate("S-PERSONS-2",{**B,"household":{"kind":"per_person","base":4,"add":[5,7]}},{"qty":45,"persons":4},[22,30])
rate("S-PERSONS-3",{"utility":"water","unit":"m3","cycle":"month","monthly_limits":[15,25],"household_monthly":{"min":5,"limits":[20,25]},"items":[{"name":"water","prices":["1.5","2","3"]}]},{"qty":55,"persons":5,"months":2},[40,50])
rate("S-PERSONS-4",{"utility":"water","unit":"m3","cycle":"month","monthly_limits":[15,25],"household_monthly":{"min":5,"limits":[20,25]},"items":[{"name":"water","prices":["1.5","2","3"]}]},{"qty":55,"persons":4,"months":2},[30,50])
R={"utility":"water","unit":"m3","cycle":"month","limits":[10],"items":[{"name":"a","prices":["0.333","0.777"]},{"name":"b","coef":"0.85","price":"0.113"},{"name":"c","price":"0.005"}]}
rate("S-ROUND-1",R,{"qty":13.1},[10])
rate("S-ROUND-2",{**R,"round":"row"},{"qty":13.1},[10],'row')
rate("S-ROUND-3",{**R,"round":"bill"},{"qty":13.1},[10],'bill')
rate("S-ROUND-4",{**R,"round":"bill"},{"qty":7.9},[10],'bill')
rate("S-FIXED-1",{**B,"fixed":[{"name":"meter","amount":"3.50"}]},{"qty":10,"months":2},[44,60],fixed=[("meter","3.50")],months=2)
rate("S-MINQ-1",{**B,"min_qty":5},{"qty":2},[22,30],minq=5)
rate("S-MINC-1",{**B,"min_charge":"10.00"},{"qty":1},[22,30],minc="10.00")
rate("S-PART-1",{"utility":"water","unit":"m3","cycle":"calendar-year","limits":[220,300],"prorate":"whole_months","items":[{"name":"water","prices":["3.45","4.83","5.83"]}]},{"qty":130,"months":6},[110,150])
# 7 months of 220 are 128.333...: exact inside, shown with four digits
t={"utility":"water","unit":"m3","cycle":"calendar-year","limits":[220,300],"prorate":"whole_months","items":[{"name":"water","prices":["3.45","4.83","5.83"]}]}
tq=tiers(F(150),F(0),[F(220)*7/12,F(300)*7/12]); tot=half_up(sum(a*F(p)*100 for a,p in zip(tq,["3.45","4.83","5.83"])))
cases.append({"id":"S-PART-2","tariff":t,"input":{"qty":150,"months":7},"expect":{"items_fen":{"water":tot},"total_fen":tot}})
# by_day with a share that has no end: 10 of 31 days
old={"limits":[26,34],"prices":["1.98","2.97","3.96"]}; new={"limits":[21,27],"prices":["2.55","3.82","7.65"]}
def byday(prev,cur,ch,q,D,d0):
    tot=F(0)
    for side,d in ((old,d0),(new,D-d0)):
        tq=tiers(F(q)*d/D,F(0),[F(l)*d/D for l in side["limits"]]); tot+=sum(a*F(p)*100 for a,p in zip(tq,side["prices"]))
    return half_up(tot)
cases.append({"id":"S-DAYS-1","kind":"price_change","method":"by_day","input":{"prev_read":"2025-05-21","cur_read":"2025-06-21","qty":33,"change":"2025-06-01","old":old,"new":new},"expect":{"days":[10,21],"total_fen":byday(None,None,None,33,31,10)}})
# yearly tiers are not split by a price change, older volume fills them first
tq1=tiers(F(60),F(150),[F(180),F(260)]); tq2=tiers(F(40),F(210),[F(180),F(260)])
tot=half_up(sum(a*F(p)*100 for a,p in zip(tq1,["5","7","9"]))+sum(a*F(p)*100 for a,p in zip(tq2,["5.5","7.7","9.9"])))
cases.append({"id":"S-YEAR-1","kind":"price_change","method":"snapshot","input":{"prev_read":"2025-05-21","cur_read":"2025-06-21","qty":100,"qty_before_change":60,"ytd":150,"cycle":"calendar-year","change":"2025-06-01","old":{"limits":[180,260],"prices":["5","7","9"]},"new":{"limits":[180,260],"prices":["5.5","7.7","9.9"]}},"expect":{"qty":[60,40],"total_fen":tot}})
# late fee over a year end with different rates, half a fen up
cases.append({"id":"S-LATE-1","kind":"late_fee","input":{"principal_fen":12345,"due":"2025-12-30","paid":"2026-01-03","rate_day_same_year":"0.002","rate_day_later_year":"0.003"},"expect":{"days":[1,3],"late_fen":half_up(F(12345)*(F("0.002")+3*F("0.003")))}})
cases.append({"id":"S-UNIT-1","kind":"unit_purchase","tariff":"W-GZ","input":{"wallet_fen":0,"ytd":19,"payments_fen":[2000]},"expect":{"units":[5],"wallet_after_fen":[2000-2*255-3*382]}})
open(pathlib.Path(__file__).with_name('settings.jsonl'), 'w').write('\n'.join(json.dumps(c,ensure_ascii=False) for c in cases)+'\n')
print(len(cases))
