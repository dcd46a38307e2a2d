"""Phrases typed in danger or after harm, in English. `common_words.py` explains the notation."""

from __future__ import annotations

_WHO = (
    "(the|a|some|riot|two)? ?(police|cops?|bailiffs?|soldiers|ice agents?|feds|marshals?"
    "|sheriffs?|riot police|gunm[ae]n|militia|immigration|army|thugs)"
)
HIM = "(my|her) (ex|husband|boyfriend|partner|stepfather|stepdad|dad|father|brother|boss)"
_BEING = (
    "(followed|chased|stalked|evicted|arrested|detained|robbed|mugged|attacked|beaten|raped"
    "|assaulted|threatened|kidnapped|held|shot at|tortured|blackmailed|abused|deported"
    "|surrounded|gassed|stabbed|hunted|kettled|drugged|shot|grabbed|hit by a|teargassed"
    "|pepper sprayed|doxxed|doxed|raided|handcuffed)"
)
_ACTING = (
    "(following|chasing|stalking|evicting|arresting|detaining|robbing|attacking|beating"
    "|threatening|raiding|shooting|hitting|kidnapping|hurting|strangling|choking|gassing"
    "|surrounding|hunting)"
)
WATCHED = (
    f"({HIM}|hes|shes|he|she) (always |keeps |is |s )?(checks?|checking|reads?|reading"
    "|looks? (at|through)|looking (at|through)|goes through|going through|went through|controls?"
    "|searches|spies on|monitors?|tracks?) (all )?(of )?my (phone|cell|mobile|messages|texts"
    "|whatsapp|chats?)(?! (bill|case|number))"
    "|they(re| are) (always )?(checking|reading|searching|going through|looking (at|through)"
    "|tracking) (all )?(of )?(my|our) (phones?|cell|mobile|messages|texts|whatsapp|chats?)"
    "(?! (bill|case|number))"
)
_END = (
    "(?= ($|(and|at|by|in|on|now|right|here|help|please|pls|plz|outside|with|since|from|a|two|some"
    "|the police|my ex|my husband|they|for|im|i am|we are|what (do|should|can) (i|we)|i dont know"
    "|near|down|along|walking|if i|if im|call|tell(?! (me|us|him|her|them) )|alert|let .. know"
    "|(please )?dont (tell|call|let)) ))"
)
_ONLY = "(?= ($|(please|now|here|asap|right now|help) ))"
_PEOPLE = (
    "(two|some|my|someone|somebody|the police|police|cops|people|men|guys|a man|a guy|ice|soldiers)"
)
SPOKEN = f"""
(im|i am|we are|were) (being |getting )(followed|evicted|arrested|detained|raided|stalked|kettled
    |deported|beaten|robbed|attacked|gassed|shot at){_END}
(im|i am|we are|were) being chased by {_PEOPLE}
(i|we) (just )?(got|was|were|have been|ive been) (arrested|detained|raped|stabbed|kidnapped|mugged
    |assaulted|doxxed|evicted|teargassed|shot){_END}
(ive|weve) been (arrested|detained|raped|stabbed|kidnapped|mugged|robbed|assaulted|doxxed|evicted)
(i|we) (got|was|were) (robbed|attacked|beaten|threatened)(?= ($|(by {_PEOPLE}|at|on|outside|please)
    ))
(they|he|she|someone|somebody|police|cops|a man|a guy|a car|who) ?(are|is|re|s)? (following
    |chasing|stalking|evicting|arresting|detaining|attacking|beating|threatening|shooting at
    |hitting|raiding|gassing|surrounding) (me|us){_END}
(they|police|cops) (are |re )?raiding (our|the|my) (office|house|newsroom|home|place|building)
(he|she|they|someone|somebody) (just )?(threatened|raped|stabbed|mugged|kidnapped|assaulted|robbed
    |attacked) (me|us){_END}
(he|she|they|someone|somebody|{HIM}) (just )?locked (me|us) (in|inside){_END}
(he|she|they) (is |are |s |re )?(going to|gonna|will|wants to|trying to) kill (me|us)
(they|police|cops) (just )?(put|threw|dragged|forced) (me|us) (in|into) (a|the) (van|car|cell)
(im|i am|we are|were) (in danger|bleeding|under attack|in custody|at the police station){_END}
(?<!undercover ){_WHO} (are |is |re )?(at|outside|breaking|kicking) .. (my|our|the) (door|house|home
    |office|newsroom)
^(emergency|sos) (they|he|she|police|im|i am|we|someone|theres)
^(help|urgent|danger) (they|he|she|police|im|i am|we|someone) .. (follow*|arrest*|evict*|rob*|mug*
    |attack*|kill*|hit*|beat*|raid*|hurt|bleed*|shoot*|threat*|take*|took)
(we|i) need (a |an )?(medic|ambulance|paramedics?){_ONLY}
(we|i) need (a |an )?(medic|ambulance|paramedics?) people
(please |someone |somebody )?call (a |an |the )?(ambulance|911|112|999|paramedics?){_ONLY}
people are (bleeding|injured|dying){_END}
(i |we )?need (urgent help|help now|help right now|help urgently|help asap)(?= ($|please ))
help (urgent|now|asap)(?= ($|please ))
"""
DANGER = f"""
({WATCHED})
(hes|shes|theyre|he is|she is|they are) (right |standing |waiting |here |still |just ){{0,2}}(at|by
    |in front of|outside) (my|our) (front )?(door|window|gate)
(hes|theyre|he is|they are) (right |standing |waiting |here |still |just ){{0,2}}(in front of
    |outside) (my|our) (house|home|place|building|apartment|flat|work|job|school)
^(he|she|they|someone|somebody) (keeps following|follows|follow) (me|us){_END}
(they|police|cops|{_WHO}) (surround|surrounds) (me|us)
(theyre|hes|shes|they are|he is|she is) (right )?behind (me|us){_END}
(kicked|threw|thrown|locked) (us|me) out
(never|not|hasnt|didnt) .. (got|come|came|get|reached|arrived|made it) (home|back)
armed (men|man|people|police|guys)
(phone|house|car|calls) .. (tapped|bugged|tracked|gps)
(stalker|stalks|stalked|stalking)
(pushed|threw|knocked|shoved) (me|us) .. (ground|floor|wall|down)
(broke|breaking|broken) (in|into)
cut(ting)? (herself|himself|myself|themselves|her wrists|my wrists)
(come|send someone|get here) .. (quick*|fast|now|hurry)
(fell|fainted|collapsed|passed out|cant move|cant walk|broke my)
(come|coming) for (me|us)
(he|they|she) .. (find|get|take) (me|us)
(im|i am|were|we are|i was|we were|ive been|i have been|i got|we got|i just got) (being |been
    |just |getting |about to be )?{_BEING}
(they|he|she|cops|police) (just )?(put|threw|dragged|forced|pushed) (me|us) (in|into|out|on)
(they|he|she|someone|somebody|police|cops|people|a man|a guy|a car|men|who) ?(are|is|re|s|been
    |has been|keeps)? {_ACTING} (me|us|my|our)
(theyre|hes|shes) {_ACTING}
(he|she|they|someone|somebody) (just )?(threatened|attacked|hit|beat|robbed|raped|stabbed|mugged
    |kidnapped|assaulted|hurt) (me|us)
(im|i am|we are|were) (in danger|trapped|bleeding|hurt badly|under attack|in custody|in jail
    |at the police station)
(?<!undercover ){_WHO} (are |is |re )?(here|raiding|breaking in|kicking|coming for)
(?<!undercover ){_WHO} (are |is |re )?(at|outside|in|inside|breaking|coming to) .. (door|house|home
    |office|newsroom|building|place)
^(emergency|sos|danger) (they|he|she|police|im|i am|we|someone|theres|the)
(we|i) need (a |an )?(medic|ambulance|doctor|paramedics?)
call (a |an |the )?(ambulance|911|112|999|paramedics?)
people are (bleeding|hurt|injured|dying)
(i )?need (urgent help|help now|help right now|help urgently|help asap)
help (urgent|now|asap)
(with|has|got|pulled|pulling|carrying|holding|have) (a |the )?(knife|gun|machete|bat|weapon|rifle)
(took|taken|swallowed) .. (pills|overdose|poison|meds)
overdos*
(spiked|drugged|roofied) .. (drink|me|her|him)?
(hit|shot|struck) (by|with|in) .. (bullet|rubber|baton|canister|car|truck|head|grenade)
(man|guy|someone|somebody|people|men|car|they|he) .. (outside|at|in) (my|our|the) (window|door
    |house|yard|building|apartment|gate|car)
(they|he|cops|police|ice) (have|has|took|got|grabbed) (my|our|her) [a-z]+
(my|our) (kid|son|daughter|baby|child|sister|brother|friend|mom|partner) (is |are |s )?(gone
    |missing|not here|hurt|bleeding|unconscious|dead)
(found out|knows?|tracked|figured out) where (i|we|she|he) (live|lives|work|works|am|is|are)
(cant|cannot) breathe
(changing|changed) the locks
(throwing|threw|kicking|kicked|putting) .. (stuff|things|us|me|family) .. (out|street)
(im|i am|we are|were|shes|hes) hiding
(ice|cops|police|bailiffs|soldiers|feds|immigration) (is|are|just)? ?(here|outside|coming
    |showed up|came)
(there is|theres|so much) .. (gas|shooting|blood|fire)
{HIM} (is |just |has |s )?(hit|hits|hurt|hurts|beat|beats|beating|threaten*|wont|outside|here|at
    |choked|raped|hitting|found|is coming|locked|pushed|came|broke|keeps)
(he|she|they|someone|somebody|people|{HIM}) (is |are |s |re )?(going to|gonna|wants to|want to
    |will|trying to|tried to|wanna) (kill|hurt|beat|rape|arrest|evict) (me|us|him|her|them)?
(wants to|trying to|tried to) kill (me|us){_END}
(is|are) (following|chasing|stalking|beating|hitting|threatening|attacking) (me|us){_END}
(he|she|they) (just )?(choked|raped|punched|slapped|locked|grabbed|strangled|drugged|beats|hits
    |abuses|abused|threatens) (me|us|her|him)
(wont|doesnt|didnt|not) let(ting)? (me|us) (leave|go|out)
(im|i am|we are|were|feeling|i feel) (so |very |really )?(scared|afraid|terrified|frightened
    |hiding|locked in|stuck .. him|unsafe|not safe)
(dont|do not|doesnt) feel safe
(getting|got|received|receiving|sent|sending|under|has) .. (threat|threats|death threat*)
threaten(ed|ing|s)? (to|me|us|my|her|him)
(death|bomb|rape) threats?
(posted|leaked|published|shared|sharing|posting|spreading|dropped|hacked|put) .. (my|our
    |her) (address|number|nudes|pics|photos|pictures|details|data|phone|account|info|home)
(sharing|shared|leaking|posting|has|spreading) .. (pics|photos|pictures|nudes|video*) of (me|her
    |us)
nudes .. (leaked|out|online|shared|everywhere)
(doxx?ed|doxx?ing|revenge porn|swatted)
(phone|laptop|computers?|devices?|cell) .. (seized|confiscated|snatched)
(took|taken|confiscated|stole|seized|grabbed|smashed|snatched|searched) .. (phone|laptop|camera
    |computers?|passport|devices?|bag|cell|documents)
(?<!undercover ){_WHO} .. (took|hit|stopped|grabbed|raided?|arrest*|detain*|confiscated|evict*
    |beating|outside
    |raid|here)
(they|police|cops|ice|soldiers) .. (arrested|detained|kidnapped|shot|killed|deported|stabbed
    |beat up|grabbed|attacked|jailed) [a-z]+
(arrested|detained|kidnapped|shot|deported|stabbed|attacked) (my|our|a|the|him|her|them|three|two
    |some)
(was|got|been|were|is being|are being) (arrested|detained|shot|stabbed|kidnapped|raped|attacked
    |assaulted|robbed|mugged|beaten|abducted|evicted|taken away|hurt|jailed)
(they are|theyre|were|being) .. (evict*|raid*)
(shooting|gunfire|gunshots|tear ?gas|shots|raid|explosion) (at|here|outside|everywhere|now|in
    |fired|happening|going on)
(theyre|they are|police|cops) (shooting|firing|gassing|charging|kettling|coming|here)
(want|wants|wanted|going|gonna|wanna|thinking about|thinking of|says|said) .. (die|dying|kill (my
    |her|him|them)sel*|end it all|suicid*|ending it|end (my|her|his) life|self harm)
(suicid*)
(cant|dont want to|dont wanna|cannot) (go on|live|be here|do this) (anymore|any more|any longer)
(someone|somebody|friend|people|girl|man|woman|guy|protester|shes|hes|comrade) .. (hurt|injured
    |bleeding|unconscious|collapsed|passed out|shot|wounded|not breathing)
(lost|cant find|cannot find|missing|looking for|took|where is) .. (my|our|her) (kid|kids|child
    |children|son|daughter|sister|brother|friend|mom|mother|baby|boy|girl|colleague|reporter
    |partner|niece|nephew)
(reporter|journalist|sister|brother|daughter|son|friend|mother|colleague|comrade|girl|partner|kid
    |child|wife) .. (missing|disappeared|not answering|isnt answering|wont answer|didnt come (home
    |back)|hasnt come (home|back)|never came|gone|cant be reached)
(isnt|not|stopped|hasnt|doesnt|wont) (answering|answered|answer|responding|replied|reply|come home
    |been seen) .. (since|for|hours|last|days|calls|phone|yesterday)
(lost contact with|cant reach|cannot reach|no word from|havent heard from|nobody has seen)
(please |pls |plz )?help .. (they|he|she|police|scared|bleeding|hurt|door|kill*|please|me now)
(breaking|kicking|banging)( down| in| into| on)? (the|my|our) (front |back )?(door|window*)
(someones|hes|shes|theyre|(someone|somebody|a man|he|she) is|they are) trying to (break|get) in(to)?
(car|man|guy|van|somebody|someone|motorbike|people|truck) .. (following|behind me|watching (me|my
    |our)|outside my|outside the house|waiting for me|stalking)
(i )?need .. (safe place|to hide|to get out|to escape
    |somewhere safe)
(in danger|not safe here|held hostage|at gunpoint|knifepoint|with a (knife|gun))
(locked|trapped) (me|us|in|inside)
"""
CARE = """
(favors|favours) .. (exchange|return)
(posted|shared|leaked|sent) .. screenshots
(stares?|staring|creepy|creep)
harass*
(called|calls|calling) (me|us|her|him) .. (slut|whore|bitch|cunt|fag*|dyke|tranny|retard*|stupid
    |ugly|fat|names|racial*|slur*|crazy)
(tried|tries|trying) to (kiss|touch|grope|grab|sleep with|hug) (me|her|us)
(grabbed|touched|slapped|squeezed|pinched) my (butt|ass|leg|breast*|boob*|chest|thigh|waist)
(hes|shes|is|was|theyre) .. (a )?(cop|informant|fed|spy|snitch|rat|undercover)
(dont|do not) trust .. (guy|girl|person|man|woman|new|one|member)
(molest*|grop(ed|ing|es)|fondled|catcall*|bully*|bullied)
(touched|touching|kissed|grabbed|hugged) me .. (without|and i|inappropriately|again|asking)?
(insult*|humiliat*|yelled at|yelling at|shouting at|shouted at|screamed at|mocking|swearing at
    |calling me|mistreat*) .. (me|us|her|him|names|people)?
(sends?|sent|sending|asked for|asks for|asking for) .. (dick ?pics?|nudes|porn|naked|dirty|sexual
    |gross|explicit)
dick ?pics?
(infiltrat*|undercover|snitch|informant|mole in|spy in|a cop in (the|our))
(leaking|passing|giving|leaks|selling) .. (info*|screenshots|messages|data) .. (police|cops
    |outside|outsiders|press|government)
(want to|need to|would like to|how do i|wanna|can i|id like to|have to) (report|complain about
    |make a complaint|file a complaint|denounce) .. (someone|somebody|a|him|her|person|harass*
    |member|abuse)?
(racist|sexist|homophobic|transphobic) .. (to|towards|at|in|comments|me|jokes)
(took|posted|taking|shared) .. (photos?|pictures?|pics?) .. without (asking|permission|my|consent)
(someone|somebody|a guy|a man|he|she) .. (keeps|wont stop|doesnt stop|wont leave) .. (writing
    |messaging|texting|calling|alone|me|contacting|sending)
made me (feel )?(very |really |so )?(uncomfortable|unsafe)
"""
REPORT = """
(want to|need to|would like to|how do i|wanna|can i|id like to|have to) (report|denounce
    |complain about|(make|file) a (complaint|report))
"""
OVER = """
(im|i am|were|we are|am) .. (ok|okay|fine|safe|alright|all right|home|good|back|well|unharmed)
(all|everything|everythings) (is )?(good|ok|okay|fine|clear|well)
(it was|its|it is|was) (nothing|over|all over)
(never ?mind|my mistake|a mistake|by mistake|by accident|accidentally|wrong button)
(got|made it|arrived|am|im) .. (home|safe*)
(they|he|she|police|cops) (have |has |are |is )?(left|gone|went away)(?! with (my|our) )
(let|released|freed) (me|us) (go|out)
(no need to|no longer need)
(that was|thats|that is) (all|it)(?= ($|(thanks|thank|for now|folks) ))
(its|it is|all|everything is) (sorted|solved)(?= ($|(now|out|thanks|thank) ))
(stop|cancel|end|turn off|switch off) .. (alarm|call|calling|alert)
"""
"""Of somebody whose call is open: that it is over, or was a mistake."""
