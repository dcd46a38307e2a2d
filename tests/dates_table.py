"""What people write, and how it has to be read. The tables grow with every phrase that was misread.

It is Wednesday 25 November 2026, 15:00 UTC: 10:00 in Bogotá. `?` is asked back (the readings, the
likeliest first), `past` is over, `-` is not readable. A line `@zone` sets the zone from there on.
"""

from __future__ import annotations

READINGS = r"""
@America/Bogota
mañana a las 5 de la tarde = Thu 2026-11-26 17:00
manana a las 5 de la tarde = Thu 2026-11-26 17:00
MAÑANA A LAS 5 DE LA TARDE = Thu 2026-11-26 17:00
mañana  a  las  5  de la tarde = Thu 2026-11-26 17:00
mañana a las 5 = ? Thu 2026-11-26 17:00 / Thu 2026-11-26 05:00
mañana a las 5pm = Thu 2026-11-26 17:00
mañana 17h = Thu 2026-11-26 17:00
mañana 17:00 = Thu 2026-11-26 17:00
mañana a las 17 = Thu 2026-11-26 17:00
mañana a las 7 = ? Thu 2026-11-26 07:00 / Thu 2026-11-26 19:00
mañana a las 12 = ? Thu 2026-11-26 12:00 / Fri 2026-11-27 00:00
mañana a las 11 = ? Thu 2026-11-26 11:00 / Thu 2026-11-26 23:00
mañana a las 10:30 = Thu 2026-11-26 10:30
mañana a las 9:30 = ? Thu 2026-11-26 09:30 / Thu 2026-11-26 21:30
mañana a las 09:30 = Thu 2026-11-26 09:30
mañana por la mañana = ? Thu 2026-11-26 09:00 / Thu 2026-11-26 10:00
mañana en la mañana a las 9 = Thu 2026-11-26 09:00
mañana por la tarde = ? Thu 2026-11-26 15:00 / Thu 2026-11-26 17:00
mañana por la noche a las 8 = Thu 2026-11-26 20:00
mañana al mediodía = Thu 2026-11-26 12:00
mañana a medianoche = ? Thu 2026-11-26 00:00 / Fri 2026-11-27 00:00
mañana a las 12 de la noche = ? Thu 2026-11-26 00:00 / Fri 2026-11-27 00:00
mañana a las 12 del día = Thu 2026-11-26 12:00
mañana 12 m = Thu 2026-11-26 12:00
mañana 12 pm = Thu 2026-11-26 12:00
mañana 12 am = ? Thu 2026-11-26 00:00 / Fri 2026-11-27 00:00
pasado mañana 18h = Fri 2026-11-27 18:00
pasado mañana = Fri 2026-11-27
hoy a las 6 = Wed 2026-11-25 18:00
hoy a las 9 = Wed 2026-11-25 21:00
hoy a las 18:30 = Wed 2026-11-25 18:30
hoy 8h = past Wed 2026-11-25 08:00
hoy 8:00 = Wed 2026-11-25 20:00
hoy = Wed 2026-11-25
hoy a la noche = ? Wed 2026-11-25 19:00 / Wed 2026-11-25 20:00
hoy a la noche a las 9 = Wed 2026-11-25 21:00
esta noche a las 8 = Wed 2026-11-25 20:00
esta noche = ? Wed 2026-11-25 19:00 / Wed 2026-11-25 20:00
esta tarde = ? Wed 2026-11-25 15:00 / Wed 2026-11-25 17:00
esta tarde a las 4 = Wed 2026-11-25 16:00
esta mañana a las 8 = past Wed 2026-11-25 08:00
a las 5 = ? Wed 2026-11-25 17:00 / Thu 2026-11-26 05:00
a las 10 = ? Thu 2026-11-26 10:00 / Wed 2026-11-25 22:00
a las 9 de la noche = Wed 2026-11-25 21:00
a las seis y media de la tarde = Wed 2026-11-25 18:30
a las seis menos cuarto de la tarde = Wed 2026-11-25 17:45
a las 6 y cuarto pm = Wed 2026-11-25 18:15
cuarto para las seis de la tarde = Wed 2026-11-25 17:45
10 para las 6 pm = Wed 2026-11-25 17:50
a la una = ? Wed 2026-11-25 13:00 / Thu 2026-11-26 01:00
a la 1 de la tarde = Wed 2026-11-25 13:00
las 5 = ? Wed 2026-11-25 17:00 / Thu 2026-11-26 05:00
5 de la tarde = Wed 2026-11-25 17:00
seis de la tarde = Wed 2026-11-25 18:00
8 noche = Wed 2026-11-25 20:00
mediodía = Wed 2026-11-25 12:00
medianoche = Thu 2026-11-26 00:00
al medio dia = Wed 2026-11-25 12:00
viernes = Fri 2026-11-27
el viernes = Fri 2026-11-27
el viernes a las 6 pm = Fri 2026-11-27 18:00
viernes 6pm = Fri 2026-11-27 18:00
vie 6 pm = Fri 2026-11-27 18:00
vie. 6 p.m. = Fri 2026-11-27 18:00
viernes 6 p. m. = Fri 2026-11-27 18:00
viernes a las 6 = ? Fri 2026-11-27 18:00 / Fri 2026-11-27 06:00
viernes por la noche = ? Fri 2026-11-27 19:00 / Fri 2026-11-27 20:00
este viernes 18h = Fri 2026-11-27 18:00
próximo viernes = ? Fri 2026-11-27 / Fri 2026-12-04
el próximo viernes 18h = ? Fri 2026-11-27 18:00 / Fri 2026-12-04 18:00
viernes que viene = ? Fri 2026-11-27 / Fri 2026-12-04
el viernes que viene a las 18h = ? Fri 2026-11-27 18:00 / Fri 2026-12-04 18:00
próximo lunes = Mon 2026-11-30
viernes de la próxima semana 19h = Fri 2026-12-04 19:00
el martes de esta semana = past Tue 2026-11-24
miércoles = ? Wed 2026-11-25 / Wed 2026-12-02
miércoles 18h = ? Wed 2026-11-25 18:00 / Wed 2026-12-02 18:00
miércoles 9h = Wed 2026-12-02 09:00
el miércoles a las 5 = ? Wed 2026-11-25 17:00 / Wed 2026-12-02 17:00 / Wed 2026-12-02 05:00
viernes 4 = Fri 2026-12-04
viernes 4 18h = Fri 2026-12-04 18:00
viernes 4 de diciembre = Fri 2026-12-04
viernes 3 de diciembre = ? Thu 2026-12-03 / Fri 2026-12-04
viernes 3 de diciembre 18h = ? Thu 2026-12-03 18:00 / Fri 2026-12-04 18:00
jueves 3 de diciembre = Thu 2026-12-03
jueves, 3 de diciembre, 19:00 = Thu 2026-12-03 19:00
jueves 3 de diciembre, 19:00 (Bogotá) = Thu 2026-12-03 19:00
jueves 3 de diciembre, 19:00 (Ciudad de México) = Thu 2026-12-03 19:00
jueves 3 de diciembre, 19:00 (Narnia) = -
3 de diciembre = Thu 2026-12-03
3 de diciembre a las 7 de la noche = Thu 2026-12-03 19:00
3 de diciembre de 2027 = Fri 2027-12-03
3 de diciembre del 2027 18h = Fri 2027-12-03 18:00
tres de diciembre = Thu 2026-12-03
primero de diciembre = Tue 2026-12-01
1 de diciembre = Tue 2026-12-01
diciembre 3 = Thu 2026-12-03
dic 3 6pm = Thu 2026-12-03 18:00
3 dic = Thu 2026-12-03
3-dic = Thu 2026-12-03
3/dic/2026 = Thu 2026-12-03
3 de noviembre = past Tue 2026-11-03
20 de enero = Wed 2027-01-20
29 de febrero = Tue 2028-02-29
29 de febrero de 2027 = -
30 de febrero = -
31 de noviembre = -
32 de enero = -
0 de enero = -
3/12 = Thu 2026-12-03
03/12 19h = Thu 2026-12-03 19:00
03/12/2026 19h = Thu 2026-12-03 19:00
3/12/26 = Thu 2026-12-03
3-12 = Thu 2026-12-03
3.12.2026 = Thu 2026-12-03
12/13 = -
13/12 = Sun 2026-12-13
31/04 = -
03/11 = past Tue 2026-11-03
15/01 = Fri 2027-01-15
15/01/2026 = past Thu 2026-01-15
2026-12-03 = Thu 2026-12-03
2026-12-03 19:00 = Thu 2026-12-03 19:00
2026-12-03T19:00 = Thu 2026-12-03 19:00
2026-12-03 9:30 = Thu 2026-12-03 09:30
2026/12/03 7pm = Thu 2026-12-03 19:00
2026-13-03 = -
2026-02-30 = -
2025-12-03 19:00 = past Wed 2025-12-03 19:00
2040-01-01 = -
dia 3 = Thu 2026-12-03
día 3 a las 18h = Thu 2026-12-03 18:00
el 3 = Thu 2026-12-03
el 3 de este mes = past Tue 2026-11-03
el 3 del próximo mes = Thu 2026-12-03
el día 15 = Tue 2026-12-15
el 25 = ? Wed 2026-11-25 / Fri 2026-12-25
día 31 = ? Mon 2026-11-30 / Thu 2026-12-31
día 32 = -
en 2 horas = Wed 2026-11-25 12:00
en media hora = Wed 2026-11-25 10:30
en una hora = Wed 2026-11-25 11:00
en hora y media = Wed 2026-11-25 11:30
en una hora y media = Wed 2026-11-25 11:30
en 90 minutos = Wed 2026-11-25 11:30
en 15 min = Wed 2026-11-25 10:15
en un cuarto de hora = Wed 2026-11-25 10:15
dentro de 3 días = Sat 2026-11-28
dentro de tres días a las 18h = Sat 2026-11-28 18:00
en una semana = Wed 2026-12-02
en dos semanas = Wed 2026-12-09
en un mes = Fri 2026-12-25
en 8 días = ? Wed 2026-12-02 / Thu 2026-12-03
en quince días = ? Wed 2026-12-09 / Thu 2026-12-10
en 10 días = Sat 2026-12-05
en 20 años = -
hace 2 horas = past Wed 2026-11-25 08:00
ayer = past Tue 2026-11-24
anteayer 18h = past Mon 2026-11-23 18:00
a las18h = Wed 2026-11-25 18:00
a las 18hs = Wed 2026-11-25 18:00
a las 18 hs = Wed 2026-11-25 18:00
18 horas = Wed 2026-11-25 18:00
2 horas = -
18h = Wed 2026-11-25 18:00
18H = Wed 2026-11-25 18:00
18h30 = Wed 2026-11-25 18:30
18:30 = Wed 2026-11-25 18:30
18.30 = Wed 2026-11-25 18:30
18:30 h = Wed 2026-11-25 18:30
6:30 pm = Wed 2026-11-25 18:30
6:30 = ? Wed 2026-11-25 18:30 / Thu 2026-11-26 06:30
25:00 = -
24:00 = Thu 2026-11-26 00:00
mañana 24:00 = Fri 2026-11-27 00:00
18:60 = -
7:5 = -
mañana 18h de la mañana = -
19:00 pm = Wed 2026-11-25 19:00
5 pm de la mañana = -
viernes sábado = -
viernes y sábado = -
19h a 21h = -
de 9 a 11 = -
finales de mes = -
fin de semana = -
el fin de semana = -
la próxima semana = -
esta semana = -
pronto = -
más tarde = -
mañana temprano = -
mañana como a las 5 = -
mañana 5 = -
un día de estos = -
después del almuerzo = -
cuando puedan = -
mañana a las cinco de la tarde por favor = -
5 = -
17 = -
mañana mañana = -
hoy mañana = -
hasta el viernes 18h = Fri 2026-11-27 18:00
¿mañana a las 18h? = Thu 2026-11-26 18:00
mañana a las 18h. = Thu 2026-11-26 18:00
lun = Mon 2026-11-30
lun 18h = Mon 2026-11-30 18:00
mar 19h = Tue 2026-12-01 19:00
mar 3 = ? Thu 2026-12-03 / Tue 2026-12-01 / Wed 2027-03-03
sab 10am = Sat 2026-11-28 10:00
dom 9 am = Sun 2026-11-29 09:00
amanhã às 17h = Thu 2026-11-26 17:00
amanha as 17h = Thu 2026-11-26 17:00
amanhã às 5 da tarde = Thu 2026-11-26 17:00
amanhã às 5 = ? Thu 2026-11-26 17:00 / Thu 2026-11-26 05:00
amanhã às 5h = ? Thu 2026-11-26 17:00 / Thu 2026-11-26 05:00
amanhã às 9h = Thu 2026-11-26 09:00
amanhã 9h30 = Thu 2026-11-26 09:30
amanhã às 9:30 = ? Thu 2026-11-26 09:30 / Thu 2026-11-26 21:30
amanhã às nove = ? Thu 2026-11-26 09:00 / Thu 2026-11-26 21:00
amanhã às sete e meia da noite = Thu 2026-11-26 19:30
amanhã às sete e meia = ? Thu 2026-11-26 07:30 / Thu 2026-11-26 19:30
amanhã de manhã = ? Thu 2026-11-26 09:00 / Thu 2026-11-26 10:00
amanhã de manhã às 8 = Thu 2026-11-26 08:00
amanhã à tarde = ? Thu 2026-11-26 15:00 / Thu 2026-11-26 17:00
amanhã à noite = ? Thu 2026-11-26 19:00 / Thu 2026-11-26 20:00
amanhã à noite às 8 = Thu 2026-11-26 20:00
amanhã ao meio-dia = Thu 2026-11-26 12:00
amanhã ao meio dia = Thu 2026-11-26 12:00
amanhã à meia-noite = ? Thu 2026-11-26 00:00 / Fri 2026-11-27 00:00
depois de amanhã = Fri 2026-11-27
depois de amanhã às 19h = Fri 2026-11-27 19:00
hoje = Wed 2026-11-25
hoje à noite = ? Wed 2026-11-25 19:00 / Wed 2026-11-25 20:00
hoje à noite às 8 = Wed 2026-11-25 20:00
hoje 20h = Wed 2026-11-25 20:00
hoje 8h = past Wed 2026-11-25 08:00
hj 20h = Wed 2026-11-25 20:00
hoje às 18h30 = Wed 2026-11-25 18:30
hoje às 18h30min = Wed 2026-11-25 18:30
hoje ao meio-dia e meia = Wed 2026-11-25 12:30
sexta = Fri 2026-11-27
sexta 18h = Fri 2026-11-27 18:00
sexta-feira às 19h30 = Fri 2026-11-27 19:30
sexta feira 19h = Fri 2026-11-27 19:00
SEXTA-FEIRA ÀS 19H = Fri 2026-11-27 19:00
sexta-feira = Fri 2026-11-27
na sexta = Fri 2026-11-27
na sexta às 7 da noite = Fri 2026-11-27 19:00
sexta à noite = ? Fri 2026-11-27 19:00 / Fri 2026-11-27 20:00
sexta de manhã às 10h = Fri 2026-11-27 10:00
sexta que vem = ? Fri 2026-11-27 / Fri 2026-12-04
próxima sexta = ? Fri 2026-11-27 / Fri 2026-12-04
próxima segunda = Mon 2026-11-30
nesta sexta 18h = Fri 2026-11-27 18:00
sexta da semana que vem = Fri 2026-12-04
sexta da próxima semana às 18h = Fri 2026-12-04 18:00
semana que vem = -
quarta = ? Wed 2026-11-25 / Wed 2026-12-02
quarta 20h = ? Wed 2026-11-25 20:00 / Wed 2026-12-02 20:00
quarta 9h = Wed 2026-12-02 09:00
seg 8h = Mon 2026-11-30 08:00
ter = Tue 2026-12-01
ter 19h = Tue 2026-12-01 19:00
qua 20h = ? Wed 2026-11-25 20:00 / Wed 2026-12-02 20:00
qui 19h = Thu 2026-11-26 19:00
sex 18h = Fri 2026-11-27 18:00
sáb 10h = Sat 2026-11-28 10:00
dom = Sun 2026-11-29
6ª-feira 18h = Fri 2026-11-27 18:00
sexta 18 = ? Fri 2026-11-27 18:00 / Fri 2026-12-18
sexta 19 = ? Fri 2026-11-27 19:00 / Sat 2026-12-19 / Fri 2026-12-18
dia 3 às 19h = Thu 2026-12-03 19:00
no dia 3 = Thu 2026-12-03
dia 3 de dezembro = Thu 2026-12-03
dia 3 do mês que vem = Thu 2026-12-03
dia 31 = ? Mon 2026-11-30 / Thu 2026-12-31
dia 40 = -
3 de dezembro = Thu 2026-12-03
1º de dezembro = Tue 2026-12-01
primeiro de dezembro = Tue 2026-12-01
quinta-feira, 3 de dezembro, 19:00 (São Paulo) = Thu 2026-12-03 19:00
quinta-feira, 3 de dezembro = Thu 2026-12-03
sexta-feira, 3 de dezembro = ? Thu 2026-12-03 / Fri 2026-12-04
3 dez = Thu 2026-12-03
3 dez 19h = Thu 2026-12-03 19:00
vinte de janeiro = Wed 2027-01-20
vinte e um de janeiro às 18h = Thu 2027-01-21 18:00
30 de fevereiro = -
31/11 = -
03/12 às 19h = Thu 2026-12-03 19:00
daqui a 2 horas = Wed 2026-11-25 12:00
daqui a meia hora = Wed 2026-11-25 10:30
daqui a uma hora e meia = Wed 2026-11-25 11:30
daqui 3 dias = Sat 2026-11-28
em 20 minutos = Wed 2026-11-25 10:20
em 1h30 = Wed 2026-11-25 11:30
daqui a uma semana = Wed 2026-12-02
daqui a 8 dias = ? Wed 2026-12-02 / Thu 2026-12-03
em 15 dias = ? Wed 2026-12-09 / Thu 2026-12-10
em 10 dias às 9h = Sat 2026-12-05 09:00
daqui a um mês = Fri 2026-12-25
às19h = Wed 2026-11-25 19:00
às 19h = Wed 2026-11-25 19:00
às 7 da noite = Wed 2026-11-25 19:00
às 7 = ? Thu 2026-11-26 07:00 / Wed 2026-11-25 19:00
às 11 = ? Wed 2026-11-25 11:00 / Wed 2026-11-25 23:00
sete da noite = Wed 2026-11-25 19:00
7 da noite = Wed 2026-11-25 19:00
7 da manhã = Thu 2026-11-26 07:00
3 da madrugada = Thu 2026-11-26 03:00
à 1h da tarde = Wed 2026-11-25 13:00
à meia-noite = Thu 2026-11-26 00:00
meia-noite = Thu 2026-11-26 00:00
meio-dia = Wed 2026-11-25 12:00
meio-dia e meia = Wed 2026-11-25 12:30
19h = Wed 2026-11-25 19:00
19h00 = Wed 2026-11-25 19:00
19 horas = Wed 2026-11-25 19:00
8 horas = -
ontem = past Tue 2026-11-24
ontem às 18h = past Tue 2026-11-24 18:00
há 2 horas = past Wed 2026-11-25 08:00
fim de semana = -
no fim de semana = -
final do mês = -
logo mais = -
amanhã cedo = -
quando der = -
19h às 21h = -
das 9h às 11h = -
segunda e terça = -
segunda terça = -
amanhã hoje = -
amanhã 19h de manhã = -
amanhã às 27h = -
até sexta 18h = Fri 2026-11-27 18:00
até amanhã às 20h = Thu 2026-11-26 20:00
qualquer dia = -
tomorrow = Thu 2026-11-26
tomorrow 5pm = Thu 2026-11-26 17:00
tomorrow at 5 = ? Thu 2026-11-26 17:00 / Thu 2026-11-26 05:00
tomorrow at 5 pm = Thu 2026-11-26 17:00
tomorrow at noon = Thu 2026-11-26 12:00
tomorrow at midnight = ? Thu 2026-11-26 00:00 / Fri 2026-11-27 00:00
tomorrow morning = ? Thu 2026-11-26 09:00 / Thu 2026-11-26 10:00
tomorrow morning at 9 = Thu 2026-11-26 09:00
tomorrow afternoon = ? Thu 2026-11-26 15:00 / Thu 2026-11-26 17:00
tomorrow evening at 7 = Thu 2026-11-26 19:00
tomorrow night at 9 = Thu 2026-11-26 21:00
tomorrow at half past six = ? Thu 2026-11-26 18:30 / Thu 2026-11-26 06:30
tomorrow at quarter to six pm = Thu 2026-11-26 17:45
the day after tomorrow = Fri 2026-11-27
day after tomorrow at 6pm = Fri 2026-11-27 18:00
today = Wed 2026-11-25
today at 6 = Wed 2026-11-25 18:00
today 6pm = Wed 2026-11-25 18:00
today 9am = past Wed 2026-11-25 09:00
tonight = ? Wed 2026-11-25 19:00 / Wed 2026-11-25 20:00
tonight at 8 = Wed 2026-11-25 20:00
this afternoon = ? Wed 2026-11-25 15:00 / Wed 2026-11-25 17:00
this evening at 7 = Wed 2026-11-25 19:00
friday = Fri 2026-11-27
Friday 6pm = Fri 2026-11-27 18:00
on friday at 6:30 pm = Fri 2026-11-27 18:30
fri 6pm = Fri 2026-11-27 18:00
this friday = Fri 2026-11-27
next friday = ? Fri 2026-11-27 / Fri 2026-12-04
next monday = Mon 2026-11-30
friday next week = Fri 2026-12-04
next week = -
wednesday = ? Wed 2026-11-25 / Wed 2026-12-02
wednesday 6pm = ? Wed 2026-11-25 18:00 / Wed 2026-12-02 18:00
wed 9am = Wed 2026-12-02 09:00
december 3 = Thu 2026-12-03
december 3rd at 7pm = Thu 2026-12-03 19:00
Dec 3, 2026 = Thu 2026-12-03
3rd of december = Thu 2026-12-03
3 December 2027 19:00 = Fri 2027-12-03 19:00
Thursday 3 December, 19:00 (Bogotá) = Thu 2026-12-03 19:00
Friday 3 December = ? Thu 2026-12-03 / Fri 2026-12-04
Thursday 3 December, 19:00, 7:00 pm (Bogotá) = Thu 2026-12-03 19:00
february 30 = -
the 3rd = Thu 2026-12-03
on the 3rd at 6pm = Thu 2026-12-03 18:00
in 2 hours = Wed 2026-11-25 12:00
in half an hour = Wed 2026-11-25 10:30
in an hour = Wed 2026-11-25 11:00
in an hour and a half = Wed 2026-11-25 11:30
in 3 days = Sat 2026-11-28
in 3 days at 6pm = Sat 2026-11-28 18:00
in 15 days = Thu 2026-12-10
in a week = Wed 2026-12-02
in 20 years = -
2 days from now = Fri 2026-11-27
two hours from now = Wed 2026-11-25 12:00
2 hours ago = past Wed 2026-11-25 08:00
3 days ago = past Sun 2026-11-22
yesterday = past Tue 2026-11-24
6 pm = Wed 2026-11-25 18:00
6 o'clock = ? Wed 2026-11-25 18:00 / Thu 2026-11-26 06:00
at 10 = ? Thu 2026-11-26 10:00 / Wed 2026-11-25 22:00
at 11:30 = Wed 2026-11-25 11:30
at once = -
noon = Wed 2026-11-25 12:00
midnight = Thu 2026-11-26 00:00
18:00 = Wed 2026-11-25 18:00
19:00 UTC = Wed 2026-11-25 19:00
5 in the afternoon = Wed 2026-11-25 17:00
8 at night = Wed 2026-11-25 20:00
friday at 6 in the evening = Fri 2026-11-27 18:00
weekend = -
this weekend = -
end of month = -
soon = -
later = -
asap = -
6pm to 8pm = -
monday or tuesday = -
13pm monday am = -
tomorrow yesterday = -
may = -
may 3 = Mon 2027-05-03
set = -
12/25 = -
12/25/2026 = -
by friday 6pm = Fri 2026-11-27 18:00
until friday 6pm = Fri 2026-11-27 18:00
tomorrow at 17h30 = Thu 2026-11-26 17:30
mañana a las 5 y cuarto de la tarde = Thu 2026-11-26 17:15
mañana a eso de las 6 = -
domingo 29 de noviembre 10am = Sun 2026-11-29 10:00
domingo 29/11 10h = Sun 2026-11-29 10:00
el jueves 26 a las 4pm = Thu 2026-11-26 16:00
jueves 26 16:00 = Thu 2026-11-26 16:00
lunes 30 de noviembre de 2026 a las 18:00 hs = Mon 2026-11-30 18:00
lunes, 30 de noviembre, 6:00 p.m. = Mon 2026-11-30 18:00
30 nov 6pm = Mon 2026-11-30 18:00
30/11 a las 6pm = Mon 2026-11-30 18:00
nov 30 a las 6 p. m. = Mon 2026-11-30 18:00
hoy a las 6 de la tarde = Wed 2026-11-25 18:00
hoy en la tarde a las 6 = Wed 2026-11-25 18:00
este sábado a las 10 de la mañana = Sat 2026-11-28 10:00
el sábado que viene = ? Sat 2026-11-28 / Sat 2026-12-05
sábado próximo 10h = ? Sat 2026-11-28 10:00 / Sat 2026-12-05 10:00
sábado en la mañana = ? Sat 2026-11-28 09:00 / Sat 2026-11-28 10:00
el domingo a mediodía = Sun 2026-11-29 12:00
viernes a medianoche = ? Fri 2026-11-27 00:00 / Sat 2026-11-28 00:00
viernes 12 de la noche = ? Fri 2026-11-27 00:00 / Sat 2026-11-28 00:00
a las 8 de la noche del viernes = Fri 2026-11-27 20:00
a las 8 de la noche mañana = Thu 2026-11-26 20:00
en tres horas = Wed 2026-11-25 13:00
en 3h = Wed 2026-11-25 13:00
en 45m = Wed 2026-11-25 10:45
en 1 h 30 min = Wed 2026-11-25 11:30
en 1 hora y 30 minutos = Wed 2026-11-25 11:30
en dos días a las 5pm = Fri 2026-11-27 17:00
dentro de una semana a las 18h = Wed 2026-12-02 18:00
de aquí a una hora = Wed 2026-11-25 11:00
1 de enero de 2027 00:00 = Fri 2027-01-01 00:00
el primero de enero = Fri 2027-01-01
01/01/2027 = Fri 2027-01-01
el 24 de diciembre a las 11:59 pm = Thu 2026-12-24 23:59
24/12 23:59 = Thu 2026-12-24 23:59
31 de dezembro às 23h59 = Thu 2026-12-31 23:59
primeiro de janeiro = Fri 2027-01-01
1/1 = Fri 2027-01-01
sabado 28/11 as 14hrs = Sat 2026-11-28 14:00
sabado dia 28 as 14h = Sat 2026-11-28 14:00
sábado, dia 28/11, às 14h = Sat 2026-11-28 14:00
dia 28/11 às 14h = Sat 2026-11-28 14:00
dia 28 às 14h = Sat 2026-11-28 14:00
dia 28/11 (sábado) às 14h = Sat 2026-11-28 14:00
hoje as 20:00 = Wed 2026-11-25 20:00
hoje às oito da noite = Wed 2026-11-25 20:00
hoje as 8 da noite = Wed 2026-11-25 20:00
amanhã pela manhã 9h = Thu 2026-11-26 09:00
amanhã cedo às 8h = -
amanhã 8 da manha = Thu 2026-11-26 08:00
domingo de manhã = ? Sun 2026-11-29 09:00 / Sun 2026-11-29 10:00
domingo à tarde, 16h = Sun 2026-11-29 16:00
segunda-feira dia 30 = Mon 2026-11-30
segunda feira às 18:30 = Mon 2026-11-30 18:30
terça-feira 1/12 19h = Tue 2026-12-01 19:00
terça-feira, 1º de dezembro de 2026, às 19h = Tue 2026-12-01 19:00
próxima terça 19h = Tue 2026-12-01 19:00
terça que vem 19h = Tue 2026-12-01 19:00
semana que vem na terça 19h = Tue 2026-12-01 19:00
na semana que vem, terça 19h = Tue 2026-12-01 19:00
em duas horas = Wed 2026-11-25 12:00
em meia hora = Wed 2026-11-25 10:30
daqui 1 hora = Wed 2026-11-25 11:00
daqui a pouco = -
daqui a dois dias às 10h = Fri 2026-11-27 10:00
às 15 para as 8 da noite = Wed 2026-11-25 19:45
quinze para as oito da noite = Wed 2026-11-25 19:45
ao meio-dia de sexta = Fri 2026-11-27 12:00
sexta meio-dia = Fri 2026-11-27 12:00
meio dia e meia de amanhã = Thu 2026-11-26 12:30
Saturday 28 November at 10 am = Sat 2026-11-28 10:00
Nov 28 at 10:00 = Sat 2026-11-28 10:00
28 November 2026 10:00 = Sat 2026-11-28 10:00
the 28th at 10am = Sat 2026-11-28 10:00
saturday the 28th at 10am = Sat 2026-11-28 10:00
Saturday, November 28, 2026 at 10:00 AM = Sat 2026-11-28 10:00
tomorrow at eight thirty pm = Thu 2026-11-26 20:30
tomorrow 8.30pm = Thu 2026-11-26 20:30
tomorrow @ 5pm = Thu 2026-11-26 17:00
tomorrow noon = Thu 2026-11-26 12:00
friday midnight = ? Fri 2026-11-27 00:00 / Sat 2026-11-28 00:00
half past ten tomorrow morning = Thu 2026-11-26 10:30
in two days = Fri 2026-11-27
in 2 days at noon = Fri 2026-11-27 12:00
in 10 minutes = Wed 2026-11-25 10:10
10 minutes from now = Wed 2026-11-25 10:10
an hour from now = Wed 2026-11-25 11:00
a week from today = Wed 2026-12-02
next tuesday at 6pm = Tue 2026-12-01 18:00
tuesday next week at 6pm = Tue 2026-12-01 18:00
sunday evening at 7 = Sun 2026-11-29 19:00
10pm tonight = Wed 2026-11-25 22:00
5pm today = Wed 2026-11-25 17:00
12:30 pm tomorrow = Thu 2026-11-26 12:30
noon on friday = Fri 2026-11-27 12:00
11/12/2026 5pm = Fri 2026-12-11 17:00
2026-11-28 = Sat 2026-11-28
2026-11-28 10:00:00 = Sat 2026-11-28 10:00
2026-11-28 10:00 UTC = Sat 2026-11-28 10:00
2026-11-28T10:00Z = -
2026-11-28T10:00:00+00:00 = -
20261128 = -
18h. = Wed 2026-11-25 18:00
18 h = Wed 2026-11-25 18:00
18 h 30 = -
6 y 30 pm = -
8 pm hora de Bogotá = -
8pm (Madrid) = Wed 2026-11-25 20:00
8pm Madrid = -
mañana a las 5 o 6 = -
mañana entre 5 y 6 = -
mañana 5-6pm = -
viernes 18:00-20:00 = -
viernes de 18 a 20h = -
martes 13 = ? Tue 2026-12-01 13:00 / Sun 2026-12-13 / Tue 2026-12-15
viernes 13 = ? Fri 2026-11-27 13:00 / Sun 2026-12-13 / Fri 2026-12-11
martes 8 = Tue 2026-12-08
dentro de 100 años = -
29/2/2027 = -
lunes 29 de febrero de 2028 = ? Tue 2028-02-29 / Mon 2028-02-28
mañana no = -
no mañana = -
el viernes no, el sábado = -
el otro viernes = -
el viernes de la semana entrante = Fri 2026-12-04
en la noche = -
por la mañana = -
mañana a las ocho = ? Thu 2026-11-26 08:00 / Thu 2026-11-26 20:00
a las 24 = Thu 2026-11-26 00:00
a las 24h = Thu 2026-11-26 00:00
a las 0 = Thu 2026-11-26 00:00
00:30 = Thu 2026-11-26 00:30
mañana 00:30 = Thu 2026-11-26 00:30
0:30 am = Thu 2026-11-26 00:30
12:30 am mañana = ? Thu 2026-11-26 00:30 / Fri 2026-11-27 00:30
12h30 amanhã = Thu 2026-11-26 12:30
1pm = Wed 2026-11-25 13:00
13h = Wed 2026-11-25 13:00
13:00 hs = Wed 2026-11-25 13:00
1.30pm = Wed 2026-11-25 13:30
1,5 horas = -
en 1,5 horas = Wed 2026-11-25 11:30
en media hora y media = -
ontem às 10 = past Tue 2026-11-24 10:00
anoche = -
la semana pasada = -
last friday = past Fri 2026-11-20
viernes pasado = past Fri 2026-11-20
el viernes pasado = past Fri 2026-11-20
sexta passada = past Fri 2026-11-20
el mar hoy = ? Wed 2026-11-25 / Tue 2026-12-01
hoy martes 18h = ? Wed 2026-11-25 18:00 / Tue 2026-12-01 18:00
martes 25 de noviembre = ? Wed 2026-11-25 / Tue 2026-12-01
martes 25 de noviembre 18h = ? Wed 2026-11-25 18:00 / Tue 2026-12-01 18:00
28/11 (sábado) = Sat 2026-11-28
sábado (28/11) 14h = Sat 2026-11-28 14:00
last wednesday = past Wed 2026-11-18
pasado mañana viernes = Fri 2026-11-27
viernes pasado mañana = Fri 2026-11-27
5 de la noche = -
this friday 6pm = Fri 2026-11-27 18:00
jueves 3 de noviembre = past Tue 2026-11-03
mañana jueves = Thu 2026-11-26
mañana viernes = ? Thu 2026-11-26 / Fri 2026-11-27
@America/Mexico_City
mañana a las 5 = ? Thu 2026-11-26 17:00 / Thu 2026-11-26 05:00
hoy a las 9 de la mañana = past Wed 2026-11-25 09:00
hoy a las 10 de la mañana = Wed 2026-11-25 10:00
ahorita = -
en un rato = -
el lunes a las 7 de la noche = Mon 2026-11-30 19:00
lunes 7 pm = Mon 2026-11-30 19:00
mañana 6 de la tarde = Thu 2026-11-26 18:00
5:30 de la tarde = Wed 2026-11-25 17:30
@America/Argentina/Buenos_Aires
hoy 21 hs = Wed 2026-11-25 21:00
hoy a la tarde = ? Wed 2026-11-25 15:00 / Wed 2026-11-25 17:00
hoy a la tarde a las 4 = Wed 2026-11-25 16:00
mañana a la mañana a las 9 = Thu 2026-11-26 09:00
el sábado a la noche = ? Sat 2026-11-28 19:00 / Sat 2026-11-28 20:00
el sábado a la noche a las 9 y media = Sat 2026-11-28 21:30
jueves 19.30 hs = Thu 2026-11-26 19:30
jueves 19:30hs = Thu 2026-11-26 19:30
2/12 20 hs = Wed 2026-12-02 20:00
el 2/12 a las 20 = Wed 2026-12-02 20:00
@America/Sao_Paulo
amanhã às 14h = Thu 2026-11-26 14:00
hoje às 11h = past Wed 2026-11-25 11:00
hoje às 12h = past Wed 2026-11-25 12:00
hoje 12h30 = Wed 2026-11-25 12:30
amanhã à 0h = Thu 2026-11-26 00:00
amanhã 00:00 = Thu 2026-11-26 00:00
1/12 às 20h = Tue 2026-12-01 20:00
2ª feira 19h = Mon 2026-11-30 19:00
terça às 8 da noite = Tue 2026-12-01 20:00
quinta agora 19h = -
na quinta que vem às 19h = ? Thu 2026-11-26 19:00 / Thu 2026-12-03 19:00
feriado = -
@Europe/Lisbon
amanhã às 18h = Thu 2026-11-26 18:00
hoje às 14h = past Wed 2026-11-25 14:00
sexta-feira, às 21h = Fri 2026-11-27 21:00
28/03/2027 01:30 = ? Sun 2027-03-28 02:00
28/03/2027 02:30 = Sun 2027-03-28 02:30
25/10/2027 às 18h = Mon 2027-10-25 18:00
tomorrow 3pm = Thu 2026-11-26 15:00
@Australia/Lord_Howe
tomorrow 6pm = Fri 2026-11-27 18:00
today 6pm = Thu 2026-11-26 18:00
03/10/2027 02:15 = ? Sun 2027-10-03 02:30
04/04/2027 01:45 = Sun 2027-04-04 01:45
in 2 hours = Thu 2026-11-26 04:00
next tuesday = Tue 2026-12-01
@America/New_York
14/03/2027 02:30 = ? Sun 2027-03-14 03:00
14/03/2027 3:30 am = Sun 2027-03-14 03:30
tomorrow at 6:30pm = Thu 2026-11-26 18:30
amanhã 18h = Thu 2026-11-26 18:00
mañana 18h = Thu 2026-11-26 18:00
"""

FINDINGS = r"""
mañana 17h; llevar la lona => Thu 2026-11-26 17:00 | llevar la lona
Taller de radio jueves 19h => Thu 2026-11-26 19:00 | Taller de radio
amanhã às 9h comprar pão => Thu 2026-11-26 09:00 | comprar pão
tomorrow 5pm call ana => Thu 2026-11-26 17:00 | call ana
5 personas mañana 18h => Thu 2026-11-26 18:00 | 5 personas
comprar 2 panes => none
reunião de sexta => Fri 2026-11-27 | reunião
taller viernes 19h a 21h => - | taller viernes 19h a
viernes 19h a 21h taller => - | a 21h taller
desayuno por la mañana => none
ver el mar => none
o que vamos ter => none
panes 1-2 => none
mañana a las 5\nllevar la lona => ? Thu 2026-11-26 17:00 / Thu 2026-11-26 05:00 | llevar la lona
mañana 9am que llame a Ana => Thu 2026-11-26 09:00 | llame a Ana
30 de febrero taller => - | taller
Taller "viernes" => none
donde nos vemos el sabado => Sat 2026-11-28 | donde nos vemos
leer la quinta => none
São João 24 de junho => Thu 2027-06-24 | São João
taller lunes y miércoles 18h => - | taller lunes y
lunes y miércoles 18h taller => - | y miércoles 18h taller
mañana 17h y viernes 18h; x => - | y viernes 18h; x
trabajo de 9 a 11h => - | trabajo de 9 a
de lunes a viernes 9h limpieza => - | a viernes 9h limpieza
hoy a la una; almuerzo => Wed 2026-11-25 13:00 | almuerzo
tomorrow 5pm to call mom => Thu 2026-11-26 17:00 | call mom
viernes 18h taller de 2 horas => Fri 2026-11-27 18:00 | taller de 2 horas
Reunião 3/12 => Thu 2026-12-03 | Reunião
Asamblea 3 de diciembre a las 6 => ? Thu 2026-12-03 18:00 / Thu 2026-12-03 06:00 | Asamblea
viernes;llevar lona => Fri 2026-11-27 | llevar lona
en 2 horas sacar la ropa => Wed 2026-11-25 12:00 | sacar la ropa
la otra semana el viernes 18h reunión => Fri 2026-12-04 18:00 | reunión
comprar 18h30 personas => none
mañana 18h 30 personas => Thu 2026-11-26 18:00 | 30 personas
https://x.org/2026-12-03 => none
llamar a Ana en 2 horas => Wed 2026-11-25 12:00 | llamar a Ana
call ana in 2 hours => Wed 2026-11-25 12:00 | call ana
ligar pra Bia daqui a 2 horas => Wed 2026-11-25 12:00 | ligar pra Bia
recordatorio de mañana => Thu 2026-11-26 | recordatorio
ler o livro amanhã de manhã às 9 => Thu 2026-11-26 09:00 | ler o livro
Café con Marzo => none
May I come => none
as 5 mulheres => none
las 5 mujeres => none
Asamblea mañana a las 5. => ? Thu 2026-11-26 17:00 / Thu 2026-11-26 05:00 | Asamblea
Asamblea; mañana 17h => Thu 2026-11-26 17:00 | Asamblea
“mañana” dijo Ana => none
mañana => Thu 2026-11-26 | (nothing)
que mañana => Thu 2026-11-26 | que
reunião amanhã 31/13 => - | reunião amanhã
Feria 25:00 => - | Feria
Fiesta 31 de noviembre => - | Fiesta
Taller cada martes 19h => - | Taller cada
18h => Wed 2026-11-25 18:00 | (nothing)
Reunión (viernes 18h) => Fri 2026-11-27 18:00 | Reunión
🎉 mañana 17h fiesta => Thu 2026-11-26 17:00 | 🎉 fiesta
mañana 17h 🎉 fiesta => Thu 2026-11-26 17:00 | 🎉 fiesta
Quinta-feira 19h: ensaio => Thu 2026-11-26 19:00 | ensaio
ensaio - quinta 19h => Thu 2026-11-26 19:00 | ensaio
el 3 gana => none
Plan 2030 => none
gastamos 12.50 => none
sala 3-12 => none
1/2 taza de leche => none
vamos ya, en media hora => Wed 2026-11-25 10:30 | vamos ya
amanhã => Thu 2026-11-26 | (nothing)
Mutirão 28/11 (sábado) => Sat 2026-11-28 | Mutirão
Mutirão sábado (28/11) 14h => Sat 2026-11-28 14:00 | Mutirão
28/11 (sábado) 14h mutirão => Sat 2026-11-28 14:00 | mutirão
Reunión (viernes 18h) => Fri 2026-11-27 18:00 | Reunión
"""
"""Free text => the reading | the rest of the text; `none` if no date is in it."""

SERIES = r"""
cada martes 19:00 = WEEKLY;BYDAY=TU from Tue 12-01 19:00
todos los lunes y miércoles a las 8 de la noche = WEEKLY;BYDAY=MO,WE from Wed 11-25 20:00
toda terça 19h = WEEKLY;BYDAY=TU from Tue 12-01 19:00
todo dia 5 às 9h = MONTHLY;BYMONTHDAY=5 from Sat 12-05 09:00
every 2 weeks = WEEKLY;INTERVAL=2;BYDAY=WE from Wed 11-25
cada 2 semanas = WEEKLY;INTERVAL=2;BYDAY=WE from Wed 11-25
a cada 15 dias = ? WEEKLY;INTERVAL=2;BYDAY=WE from Wed 11-25 / DAILY;INTERVAL=15 from Wed 11-25
cada día a las 7am = DAILY from Thu 11-26 07:00
todos os dias às 7h = DAILY from Thu 11-26 07:00
cada mes = MONTHLY;BYMONTHDAY=25 from Wed 11-25
el primer lunes de cada mes = MONTHLY;BYDAY=1MO from Mon 12-07
primeira segunda do mês = MONTHLY;BYDAY=1MO from Mon 12-07
primeira segunda-feira do mês às 19h = MONTHLY;BYDAY=1MO from Mon 12-07 19:00
every first monday = MONTHLY;BYDAY=1MO from Mon 12-07
último viernes de cada mes = MONTHLY;BYDAY=-1FR from Fri 11-27
cada semana = WEEKLY;BYDAY=WE from Wed 11-25
every weekday = WEEKLY;BYDAY=MO,TU,WE,TH,FR from Wed 11-25
every weekday at 9am = WEEKLY;BYDAY=MO,TU,WE,TH,FR from Thu 11-26 09:00
de lunes a viernes 9h = WEEKLY;BYDAY=MO,TU,WE,TH,FR from Thu 11-26 09:00
de segunda a sexta às 9h = WEEKLY;BYDAY=MO,TU,WE,TH,FR from Thu 11-26 09:00
cada martes 19:00 hasta el 20/12 = WEEKLY;BYDAY=TU;UNTIL=20261220T235959 from Tue 12-01 19:00
toda terça 19h até 20/12 = WEEKLY;BYDAY=TU;UNTIL=20261220T235959 from Tue 12-01 19:00
every tuesday at 7pm until december 20 = WEEKLY;BYDAY=TU;UNTIL=20261220T235959 from Tue 12-01 19:00
cada martes 19h 10 veces = WEEKLY;BYDAY=TU;COUNT=10 from Tue 12-01 19:00
cada martes a las 7 = ? WEEKLY;BYDAY=TU from Tue 12-01 07:00 / WEEKLY;BYDAY=TU from Tue 12-01 19:00
los martes a las 7pm = WEEKLY;BYDAY=TU from Tue 12-01 19:00
tuesdays at 7pm = WEEKLY;BYDAY=TU from Tue 12-01 19:00
às terças 19h = WEEKLY;BYDAY=TU from Tue 12-01 19:00
cada noche a las 9 = DAILY from Wed 11-25 21:00
every other friday 6pm = WEEKLY;INTERVAL=2;BYDAY=FR from Fri 11-27 18:00
cada 2 semanas el martes a las 6pm = WEEKLY;INTERVAL=2;BYDAY=TU from Tue 12-01 18:00
a las 8pm todos los jueves = WEEKLY;BYDAY=TH from Thu 11-26 20:00
cada 8 horas = HOURLY;INTERVAL=8 from Wed 11-25 18:00
todo dia 31 às 18h = MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1 from Mon 11-30 18:00
cada año el 3 de mayo = YEARLY;BYMONTH=5;BYMONTHDAY=3 from Mon 05-03
every month on the 5th at 6pm = MONTHLY;BYMONTHDAY=5 from Sat 12-05 18:00
primer y tercer lunes de cada mes 18h = MONTHLY;BYDAY=1MO,3MO from Mon 12-07 18:00
toda segunda e quarta 20h = WEEKLY;BYDAY=MO,WE from Wed 11-25 20:00
todo sábado e domingo 10h = WEEKLY;BYDAY=SA,SU from Sat 11-28 10:00
todos los días = DAILY from Wed 11-25
todo dia às 8h = DAILY from Thu 11-26 08:00
cada 30 minutos = -
martes = -
lunes y miércoles = -
quinzenal = WEEKLY;INTERVAL=2;BYDAY=WE from Wed 11-25
every day at noon = DAILY from Wed 11-25 12:00
cada viernes a medianoche = -
cada día a medianoche = DAILY from Thu 11-26 00:00
cada lunes desde el 7/12 a las 18h = WEEKLY;BYDAY=MO from Mon 12-07 18:00
cada lunes 18h desde el 7/12 = WEEKLY;BYDAY=MO from Mon 12-07 18:00
todas as quintas-feiras às 19h30 = WEEKLY;BYDAY=TH from Thu 11-26 19:30
el último día del mes 18h = MONTHLY;BYMONTHDAY=-1 from Mon 11-30 18:00
last friday of the month 6pm = MONTHLY;BYDAY=-1FR from Fri 11-27 18:00
cada 3 meses = MONTHLY;INTERVAL=3;BYMONTHDAY=25 from Wed 11-25
cada dos martes 18h = WEEKLY;INTERVAL=2;BYDAY=TU from Tue 12-01 18:00
segunda quarta-feira do mês 19h = MONTHLY;BYDAY=2WE from Wed 12-09 19:00
daily 9am = DAILY from Thu 11-26 09:00
cada año el 30 de febrero = -
cada 31 de diciembre = -
every year on dec 24 at 8pm = YEARLY;BYMONTH=12;BYMONTHDAY=24 from Thu 12-24 20:00
cada 2do sábado del mes 9h = MONTHLY;BYDAY=2SA from Sat 12-12 09:00
todo 1º sábado do mês às 9h = MONTHLY;BYDAY=1SA from Sat 12-05 09:00
cada martes y jueves de 6 a 8 = -
cada martes 25:00 = -
cada martes nunca = -
todos los martes a las 5 hasta que acabe = -
a cada 2 dias às 8h = DAILY;INTERVAL=2 from Fri 11-27 08:00
every 3 days at 9am = DAILY;INTERVAL=3 from Sat 11-28 09:00
cada quince días = ? WEEKLY;INTERVAL=2;BYDAY=WE from Wed 11-25 / DAILY;INTERVAL=15 from Wed 11-25
semanal lunes 9h = -
cada semana los martes 18h = WEEKLY;BYDAY=TU from Tue 12-01 18:00
toda semana na terça às 19h = WEEKLY;BYDAY=TU from Tue 12-01 19:00
every week on monday at 6pm = WEEKLY;BYDAY=MO from Mon 11-30 18:00
toda noite = ? DAILY from Wed 11-25 19:00 / DAILY from Wed 11-25 20:00
de martes a jueves 18h = WEEKLY;BYDAY=TU,WE,TH from Wed 11-25 18:00
every monday, wednesday and friday at 7:30 pm = WEEKLY;BYDAY=MO,WE,FR from Wed 11-25 19:30
segundas e quartas às 20h = WEEKLY;BYDAY=MO,WE from Wed 11-25 20:00
mañana = -
toda quinta 19h 5 vezes = WEEKLY;BYDAY=TH;COUNT=5 from Thu 11-26 19:00
cada 0 días = -
cada fin de semana = WEEKLY;BYDAY=SA,SU from Sat 11-28
todo fim de semana 10h = WEEKLY;BYDAY=SA,SU from Sat 11-28 10:00
cada hora = HOURLY from Wed 11-25 11:00
el 15 de cada mes a las 9am = MONTHLY;BYMONTHDAY=15 from Tue 12-15 09:00
todo mês no dia 10 às 9h = MONTHLY;BYMONTHDAY=10 from Thu 12-10 09:00
cada mes el día 10 a las 9am = MONTHLY;BYMONTHDAY=10 from Thu 12-10 09:00
on the last friday of every month at 6pm = MONTHLY;BYDAY=-1FR from Fri 11-27 18:00
last day of the month = MONTHLY;BYMONTHDAY=-1 from Mon 11-30
cada lunes a las 12 = WEEKLY;BYDAY=MO from Mon 11-30 12:00
cada luna = -
every other day 8pm = DAILY;INTERVAL=2 from Wed 11-25 20:00
dia sim dia não = -
los lunes 18h desde enero = -
todos los martes 19h hasta ayer = -
primeiro sábado de cada mês às 10h = MONTHLY;BYDAY=1SA from Sat 12-05 10:00
último domingo do mês = MONTHLY;BYDAY=-1SU from Sun 11-29
a cada 3 meses no dia 10 às 9h = MONTHLY;INTERVAL=3;BYMONTHDAY=10 from Thu 12-10 09:00
toda noite às 22h = DAILY from Wed 11-25 22:00
todas as manhãs às 7h = DAILY from Thu 11-26 07:00
every night at 10 = DAILY from Wed 11-25 22:00
every 8 hours = HOURLY;INTERVAL=8 from Wed 11-25 18:00
sábados e domingos 9h = WEEKLY;BYDAY=SA,SU from Sat 11-28 09:00
todos los días hábiles a las 9am = WEEKLY;BYDAY=MO,TU,WE,TH,FR from Thu 11-26 09:00
dias úteis às 8h = WEEKLY;BYDAY=MO,TU,WE,TH,FR from Thu 11-26 08:00
"""
"""The rule without `FREQ=`, and its first occurrence; only a day where no hour was said."""
