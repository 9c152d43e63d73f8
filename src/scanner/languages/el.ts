import type { Language } from "../language.ts";
import { list } from "./list.ts";

export const el: Language = {
  codeKeywords: list(
    "κωδικός σφάλματος, κωδικό σφάλματος, κωδικός εξαίρεσης, κωδικός εξόδου",
    "κωδικός κατάστασης",
  ),
  errorKeywords: list("σφάλμα, σφάλματος, κωδικός, κωδικό, εξαίρεση, αποτέλεσμα, κατάσταση"),
  failureWords: list(
    "σφάλμα, αποτυχία, απέτυχε, δεν μπορεί, δεν είναι δυνατ, πρόβλημα, δεν λειτουργεί",
  ),
  win32Keywords: list("σφάλμα συστήματος, σφάλμα των windows"),
  windowsMessages: list("δεν επιτρέπεται η πρόσβαση, το σύστημα δεν, η υπηρεσία"),
  machineNumbers: list("χρονική σήμανση, μετατόπιση σφάλματος, μετατόπιση, μάσκα"),
  fieldNames: list("διεύθυνση, έκδοση"),
  everydayNumbers: list("τηλέφωνο, παραγγελία, τιμολόγιο, σειριακός αριθμός, πελάτης, χρώμα"),
  attributeNumbers: [],
  determiners: list("αυτή, αυτό, αυτόν, μου"),
  vpnWords: list("απομακρυσμένη πρόσβαση"),
  stopWords: list("μπλε οθόνη, κωδικός διακοπής"),
  installerWords: list("εγκατάσταση, εγκατάστασης"),
};
