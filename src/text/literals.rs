//! Many texts, looked for in one pass over another one (Aho and Corasick, 1975).
//!
//! Ours, because the crate for it brings many more ways to search than we use, and everybody who opens the page
//! waits for them.

use std::ops::Range;
use std::sync::OnceLock;

/// A set of texts to look for. An empty one is never found.
#[derive(Debug)]
pub struct Literals {
    /// The texts as one tree; the first state is its root.
    states: Vec<State>,
    /// The first one stands for none.
    edges: Vec<Edge>,
    /// Where each byte leads from the root: most steps are made there.
    root: [u32; 256],
    /// For each text the number after the next one that is the same; 0 if none follows.
    same: Vec<u32>,
    /// The states in the order of their depth.
    by_depth: Vec<u32>,
    every_step: OnceLock<EveryStep>,
}

#[derive(Debug, Default)]
struct State {
    edge: u32,
    /// The state of the longest ending of this one that begins a text, too.
    shorter: u32,
    depth: u32,
    /// The number after the text that ends here; 0 if none does.
    ends: u32,
    /// This state if a text ends here, else the nearest shorter one where a text ends; 0 if there is none.
    hit: u32,
}

#[derive(Debug, Default)]
struct Edge {
    byte: u8,
    to: u32,
    next: u32,
}

/// A row for each state and a column for each byte that stands in a text: quick, and large.
#[derive(Debug)]
struct EveryStep {
    columns: [u8; 256],
    width: usize,
    to: Vec<u32>,
}

impl Literals {
    pub fn new(texts: &[&str]) -> Literals {
        let mut made = Literals {
            states: vec![State::default()],
            edges: vec![Edge::default()],
            root: [0; 256],
            same: vec![0; texts.len()],
            by_depth: Vec::new(),
            every_step: OnceLock::new(),
        };
        for (number, text) in texts.iter().enumerate() {
            made.add(number, text.as_bytes());
        }
        made.join();
        made
    }

    fn add(&mut self, number: usize, text: &[u8]) {
        let mut state = 0;
        for &byte in text {
            state = match self.child(state, byte) {
                0 => self.grow(state, byte),
                known => known,
            };
        }
        // After those that are the same.
        let mut before = self.states[state as usize].ends;
        if before == 0 {
            self.states[state as usize].ends = number as u32 + 1;
            return;
        }
        while self.same[before as usize - 1] != 0 {
            before = self.same[before as usize - 1];
        }
        self.same[before as usize - 1] = number as u32 + 1;
    }

    fn grow(&mut self, state: u32, byte: u8) -> u32 {
        let to = self.states.len() as u32;
        let edge = self.edges.len() as u32;
        let from = &mut self.states[state as usize];
        let (next, depth) = (std::mem::replace(&mut from.edge, edge), from.depth + 1);
        self.edges.push(Edge { byte, to, next });
        self.states.push(State { depth, ..State::default() });
        if state == 0 {
            self.root[usize::from(byte)] = to;
        }
        to
    }

    /// Finds for each state where the search goes on when no edge fits.
    fn join(&mut self) {
        self.by_depth.push(0);
        let mut done = 0;
        while let Some(&state) = self.by_depth.get(done) {
            done += 1;
            let mut edge = self.states[state as usize].edge;
            while edge != 0 {
                let Edge { byte, to, next } = self.edges[edge as usize];
                edge = next;
                let shorter = if state == 0 { 0 } else { self.step(self.states[state as usize].shorter, byte) };
                let hit = if self.states[to as usize].ends == 0 { self.states[shorter as usize].hit } else { to };
                let child = &mut self.states[to as usize];
                (child.shorter, child.hit) = (shorter, hit);
                self.by_depth.push(to);
            }
        }
    }

    fn child(&self, state: u32, byte: u8) -> u32 {
        if state == 0 {
            return self.root[usize::from(byte)];
        }
        let mut edge = self.states[state as usize].edge;
        while edge != 0 {
            let known = &self.edges[edge as usize];
            if known.byte == byte {
                return known.to;
            }
            edge = known.next;
        }
        0
    }

    fn step(&self, mut state: u32, byte: u8) -> u32 {
        loop {
            match self.child(state, byte) {
                0 if state != 0 => state = self.states[state as usize].shorter,
                to => return to,
            }
        }
    }

    fn every_step(&self) -> &EveryStep {
        self.every_step.get_or_init(|| {
            let mut columns = [0; 256];
            let mut width = 1;
            for edge in &self.edges[1..] {
                let column = &mut columns[usize::from(edge.byte)];
                if *column == 0 {
                    *column = width as u8;
                    width += 1;
                }
            }
            let mut to = vec![0; self.states.len() * width];
            for &state in &self.by_depth {
                let State { shorter, mut edge, .. } = self.states[state as usize];
                let (row, above) = (state as usize * width, shorter as usize * width);
                to.copy_within(above..above + width, row);
                while edge != 0 {
                    let known = &self.edges[edge as usize];
                    to[row + usize::from(columns[usize::from(known.byte)])] = known.to;
                    edge = known.next;
                }
            }
            EveryStep { columns, width, to }
        })
    }

    /// Says the number and the start of every text wherever it stands, also where one stands in another.
    pub fn each(&self, searched: &str, is_long: bool, found: &mut dyn FnMut(usize, usize)) {
        let quick = is_long.then(|| self.every_step());
        let mut state = 0;
        for (at, &byte) in searched.as_bytes().iter().enumerate() {
            state = match quick {
                Some(quick) => quick.to[state as usize * quick.width + usize::from(quick.columns[usize::from(byte)])],
                None => self.step(state, byte),
            };
            let mut hit = self.states[state as usize].hit;
            while hit != 0 {
                let State { depth, ends, shorter, .. } = self.states[hit as usize];
                let mut number = ends as usize;
                while number != 0 {
                    found(number - 1, at + 1 - depth as usize);
                    number = self.same[number - 1] as usize;
                }
                hit = self.states[shorter as usize].hit;
            }
        }
    }

    /// Where the first text stands from a place on; of those that begin there, the longest.
    pub fn first(&self, searched: &str, from: usize) -> Option<Range<usize>> {
        let mut state = 0;
        let mut best: Option<Range<usize>> = None;
        for (at, &byte) in searched.as_bytes().iter().enumerate().skip(from) {
            state = self.step(state, byte);
            let State { depth, hit, .. } = self.states[state as usize];
            // What is still open began later than what was found.
            if best.as_ref().is_some_and(|best| at + 1 - depth as usize > best.start) {
                break;
            }
            if hit != 0 {
                let start = at + 1 - self.states[hit as usize].depth as usize;
                if best.as_ref().is_none_or(|best| start <= best.start) {
                    best = Some(start..at + 1);
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every place, found the slow way, in the order of ends and then of starts.
    fn slowly(texts: &[&str], searched: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for end in 1..=searched.len() {
            let mut here: Vec<(usize, usize)> = (0..texts.len())
                .filter(|&number| !texts[number].is_empty() && searched[..end].ends_with(texts[number]))
                .map(|number| (number, end - texts[number].len()))
                .collect();
            here.sort_by_key(|&(number, start)| (start, number));
            found.extend(here);
        }
        found
    }

    #[test]
    fn what_a_slow_search_finds_is_found() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut word = |longest: usize| -> String {
            (0..random.usize(0..=longest)).map(|_| random.choice(['a', 'b', 'c']).unwrap_or('a')).collect()
        };
        for _ in 0..2_000 {
            let texts: Vec<String> = (0..6).map(|_| word(4)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let searched = word(30);
            let literals = Literals::new(&texts);
            let expected = slowly(&texts, &searched);
            for is_long in [false, true] {
                let mut found = Vec::new();
                literals.each(&searched, is_long, &mut |number, start| found.push((number, start)));
                assert_eq!(found, expected, "{texts:?} in {searched}");
            }
            let from = searched.len() / 3;
            let first = expected
                .iter()
                .filter(|(_, start)| *start >= from)
                .map(|&(number, start)| (start, std::cmp::Reverse(start + texts[number].len())))
                .min()
                .map(|(start, end)| start..end.0);
            assert_eq!(literals.first(&searched, from), first, "{texts:?} in {searched} from {from}");
        }
    }
}
