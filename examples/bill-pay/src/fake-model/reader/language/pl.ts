// Polish.

import { type LanguageSigns, list } from './signs.ts'

export const polish: LanguageSigns = {
  language: 'pl',
  writing: 'spaced',
  words: {
    harmless: list(`
      wyciąg z konta, wyciąg z rachunku, opiekun konta, konto klienta, konta klienta, konto użytkownika, rachunek za,
      na rachunek za, nigdy nie płac*, nie płac* gotówką, nie zapomnij*, opóźnienie w płatności, opóźnienia w płatności,
      opóźnienie płatności, odsetki za opóźnienie, nie jest pilne, niepilne, baza danych
    `),
    override: list(`
      zignoruj*, ignoruj*, pomiń*, pomijaj*, zapomnij*, obejdź*, omiń*, nie stosuj*, nie przestrzegaj*,
      nie bierz pod uwagę, wyłącz*, dezaktywuj*, nadpisz*, unieważnij*, nie obowiązują, przestaj* obowiązywać, odrzuć,
      porzuć
    `),
    rules: list(`
      instrukcj*, polece*, zasad*, reguł*, wytyczn*, prompt*, wszystko powyżej, powyższe, kontrol*, weryfikacj*,
      walidacj*, akceptacj*, zatwierdzeni*, zatwierdzania, autoryzacj*, limit*, rejestr* dostawców, komunikat systemowy,
      ogranicze*, poprzednie wiadomości, zadanie, zabezpieczeni*, sprawdzani*, sprawdzeni*, polityk*
    `),
    addressed: list(`
      ai, sztuczna inteligencj*, sztucznej inteligencji, model językowy, modelu językowy, asystent*, agent ai, agencie,
      agenta, do agenta, do systemu, systemie, system, bot, bota, robot*, chatbot*, agent płatności, system księgowy,
      system płatności, drogi asystencie/systemie/agencie, jesteś asystentem/agentem/modelem, automatyczny system,
      automatyczny czytnik
    `),
    command: list(`
      zatwierdź*, zaakceptuj*, zaaprobuj*, musi zostać zatwierdzon*, powinna zostać zatwierdzona, należy zatwierdzić,
      oznacz* … jako zapłacon*/opłacon*/zatwierdzon*/bezpieczn*/zweryfikowan*, sklasyfikuj*,
      traktuj* … jako zatwierdzon*/zaufan*/zweryfikowan*/bezpieczn*, potraktuj* … jako,
      uznaj* … za zatwierdzon*/zapłacon*/bezpieczn*/zweryfikowan*, ustaw* status, zmień status,
      zwolnij* … płatność/środki, bez zatwierdz*, bez akceptacji, bez weryfikacji, bez kontroli, bez sprawdzania,
      bez autoryzacji, bez dalsz*/dodatkow*/żadn*/ręczn* weryfikacji/kontroli/akceptacji/zatwierdz*/pytań/sprawdz*,
      nie wymaga zatwierdz*/akceptacji/weryfikacji/kontroli, już zatwierdzon*, została już zatwierdzona,
      wstępnie zatwierdzon*, jesteś teraz, teraz jesteś, jako ai, odpowiedz* pay/zapłać/tylko/wyłącznie/zawsze/słowem,
      odpowiedź brzmi/musi/to, decyzja brzmi/to/musi, twoja decyzja, twoja odpowiedź, nowe instrukcje, nowa instrukcja,
      nowe polecen*, nie zgłaszaj*, nie oznaczaj*, to nie oszustwo, nie jest oszustwem, podnieś* limit*,
      zwiększ* limit*, podziel* … płatności/części/przelew*, poniżej limitu/progu, nikt … zatwierdzać/akceptować,
      zawsze odpowiadaj*, odpowiadaj* zawsze, nigdy nie odpowiadaj, decyzja zapłac*, decyzja płac*, decyzja zapłat*,
      tryb konserwacji, trybie konserwacji, trybie serwisowym, tryb serwisowy, tryb testowy, trybie testowym,
      trybie deweloper*, trybie administrator*, oznacz* … jako sprawdzon*/skontrolowan*/poprawn*,
      niezależnie od … zasad*/reguł*/instrukcj*, bez względu na … zasad*/reguł*/instrukcj*, nie zgłaszaj* jej,
      zapomnij … roli, działaj jak*, zachowuj się jak, zachowuj* się jak, udawaj*, wciel się, wcielić się, odgrywaj*,
      bez ograniczeń, posłuszn*, słuchaj dostawcy, od teraz jesteś, zapłać … dwa razy, zapłać … dwukrotnie,
      to jest test, musisz odpowied*
    `),
    pay: list(`
      płać, płacić, płatność, płatności, zapłać*, zapłacić, zapłat*, zapłacon*, opłać*, opłacić, opłacon*, przelej*,
      przelew, przelewu, przelewy, przelać, przelewać, wpłać*, wpłat*, wpłacać, uiścić, uregulow*, ureguluj*,
      prześlij* … pieniądze/środki/kwotę, użyj*, korzystaj*, używać, dokonaj*, dokonać, zatwierdza*, zatwierdź,
      akceptuje
    `),
    account: list(`
      konto, konta, koncie, kont, rachunek, rachunku, rachunki, numer konta, numeru konta, numer rachunku,
      rachunek bankowy, konto bankowe, dane bankowe, danych bankowych, dane do przelewu, danych do przelewu, iban, bank,
      banku, banki, odbiorca przelewu, beneficjent*, bic, swift, nrb
    `),
    newness: list(`
      nowy, nowe, nowego, nowym, nowa, nową, zmieni*, zmian*, zaktualizow*, aktualiz*, inny, inne, innego, inna, inną,
      zamiast, już nie, nie jest już, zastęp*, zastąpi*, przeniesi*, tymczasow*, alternatyw*, stary, stare, starego,
      starym, poprzedni*, zablokowan*, zamrożon*, zamknięt*, od teraz, odtąd, od dziś, od dzisiaj, prawidłow*,
      właściwe konto, właściwy rachunek, poprawny numer, następując*, poniższ*, odmienn*
    `),
    unchanged: list(`
      bez zmian, nie zmieni*, nie uleg* zmianie, niezmienion*, pozostaj*, ten sam, to samo, te same, tego samego,
      jak zawsze, jak zwykle, jak dotychczas, nigdy, brak zmian, żadnych zmian
    `),
    secrecy: list(`
      poufn*, tajemnic*, w tajemnicy, sekret*, między nami, nie mów*, nikomu, nie dzwoń*, nie kontaktuj*, nie informuj*,
      nie wspominaj*, nie powiadamiaj*, nie pytaj*, nie weryfikuj*, nie sprawdzaj*, nie zawiadamiaj*, nie udostępniaj*,
      bez informowania, bez kontaktu, bez powiadamiania, bez konsultacji, nikt inny, dyskretn*, dyskrecj*,
      nie trzeba dzwonić/sprawdzać, nie ma potrzeby dzwonić/sprawdzać/potwierdzać, z nikim
    `),
    urgency: list(`
      piln*, natychmiast*, niezwłocznie, bezzwłocznie, jeszcze dziś, jeszcze dzisiaj, od razu, jak najszybciej,
      w ciągu godziny, w ciągu # godzin*, do południa, ostatnie ostrzeżenie, ostatnie wezwanie, ostateczne wezwanie,
      w przeciwnym razie, inaczej, krytyczn*, awaryjn*
    `),
    wait: list(`
      nie płać*, nie płacić, nie zapłać*, nie opłacać, nie opłacaj*, nie regulować, nie reguluj*, nie przelewa*,
      prosimy nie płacić, nie dokonywać płatności, nie dokonuj*, wstrzyma*, wstrzymuj*, wstrzymanie, zaczekaj*,
      poczekaj*, proszę czekać, prosimy czekać, prosimy poczekać, czekamy, czekać, oczekujemy na, w oczekiwaniu,
      oczekiwani*, odroczy*, odrocz*, odłóż*, odłożyć, zawiesi*, zawieś*, zawieszeni*, zatrzymać płatność,
      zatrzymaj* płatność, do odwołania, do czasu, do momentu, dopóki, aż do, nie należy płacić,
      nie powinna być zapłacon*, nie realizow*, przesunąć płatność
    `),
    trouble: list(`
      reklamacj*, reklamuj*, zareklamow*, spór, sporn*, sporu, kwestionuj*, zakwestionow*, skarg*, nie zgadzam*,
      sprzeciw, zastrzeże*, błędna ilość, błędnej ilości, zła ilość, niewłaściwa ilość, nieprawidłowa ilość, niezgodn*,
      błędna cena, błędnej ceny, błędna kwota, zła cena, błędnie, zafakturowan* dwukrotnie, podwójnie, dwukrotnie,
      zawyżon*, nota kredytowa, notę kredytową, noty kredytowej, nota korygująca, faktura korygująca,
      fakturę korygującą, faktury korygującej, korekta, korektę, korekty, dostawa częściowa, częściowa dostawa,
      częściowej dostawy, częściowo dostarczon*, dostarczon* częściowo, niekomplet*, niepełn*, w trakcie wyjaśniania,
      wyjaśniamy, do wyjaśnienia, zostanie poprawion*, zostanie skorygowan*, nowa faktura zostanie, błąd na fakturze,
      błąd w fakturze, błędy na fakturze, faktura … błąd/błędn*, rozbieżnoś*, nie zgadza się, nie odpowiada, omyłkowo,
      przez pomyłkę, zbyt wcześnie, za wcześnie, nie dotar*, nie został* dostarczon*
    `),
    goods: list(`
      dostaw*, dostarcz*, towar*, przesyłk*, palet*, paczk*, część, części, zamówieni*, sztuk*, jednost*, urządzeni*,
      montaż*, prac*, robót, roboty, usług*, karton*, skrzyn*, ilość, ilości, parti*, materiał*, artykuł*, produkt*,
      maszyn*, napraw*, wysyłk*, pozycj*, sprzęt*
    `),
    lack: list(`
      brak, brakuj*, brakował*, brakując*, nie dotar*, nie dostarczon*, nie otrzyma*, nieotrzyman*, niedostarczon*,
      nie nadesz*, nie przysz*, nie zakończon*, nie ukończon*, nieukończon*, jeszcze nie, opóźni*, opóźnie*, spóźni*,
      z opóźnieniem, za późno, uszkodz*, zepsut*, wadliw*, wad, wady, zniszczon*, zbit*, błędn*, niewłaściw*, niepełn*,
      niekomplet*, tylko # z, zaledwie #, połow*, reszta, reszty, resztę, pozostał* część/części/sztuk*/towar*, zaległ*,
      częściow*, zagin*, zgubion*, mniej niż, za mało, nie działa*, odrzucon*, zamiast #
    `),
    settled: list(`
      rozwiązan*, wyjaśnion*, zakończon*, niczego nie brakuje, nic nie brakuje, bez zastrzeżeń, bez uwag, bez wad,
      bez opóźnień, bez uszkodzeń, brak reklamacji, brak zastrzeżeń, brak uwag, brak wad, brak opóźnień,
      żadnych reklamacji, w całości, komplet, kompletna, kompletnie, pełna dostawa, została wystawiona,
      została odliczona, odliczon*, potrącon*, uwzględnion*, już uznan*, wymienion*, naprawion*, został* wymienion*,
      poprawiono, zamknięt*, jeśli, jeżeli, w przypadku, w razie, ewentualn*, wszelkie reklamacje, wszelkie spory,
      reklamacje należy, należy zgłaszać, należy składać, prosimy zgłaszać, w terminie # dni, w ciągu # dni,
      dziękujemy za, już dostarczon*, dostarczono wszystko, wszystko dostarczono, wszystkie … dostarczone, na czas,
      terminowo, naprawa, wymiana, naprawa … uszkodz*/wadliw*
    `),
    but: list(`ale, jednak, z wyjątkiem, oprócz, natomiast`),
    common: list(`
      i, my, jest, są, dla, do, na, z, ze, nie, nasz, nasza, nasze, państwa, ma, to, ten, ta, w, za, po, o, od, prosimy,
      się, że, przez, został, została
    `),
  },
}
