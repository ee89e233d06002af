//! Numbered entries that stay in place while others come and go.

use std::{ops::Index, sync::Arc};

/// Entries by number. A number whose entry is gone has none until it is given away again; the entries are shared, so a
/// copy of the table is cheap.
#[derive(Debug)]
pub struct Table<T> {
    slots: Vec<Option<Arc<T>>>,
}

impl<T> Table<T> {
    /// One past the highest number.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The entry of a number.
    #[must_use]
    pub fn get(&self, number: usize) -> Option<&T> {
        self.slots.get(number)?.as_deref()
    }

    /// The entries in the order of their numbers.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter {
            slots: self.slots.iter(),
        }
    }

    /// The entries with their numbers.
    pub fn entries(&self) -> impl Iterator<Item = (usize, &T)> {
        self.slots
            .iter()
            .enumerate()
            .filter_map(|(number, slot)| Some((number, slot.as_deref()?)))
    }

    /// Adds an entry behind all others; gives its number.
    pub(crate) fn push(&mut self, entry: T) -> u32 {
        self.slots.push(Some(Arc::new(entry)));
        self.slots.len() as u32 - 1
    }

    /// Sets the entry of a number.
    pub(crate) fn set(&mut self, number: usize, entry: T) {
        if self.slots.len() <= number {
            self.slots.resize_with(number + 1, || None);
        }
        self.slots[number] = Some(Arc::new(entry));
    }

    /// Takes the entry of a number away.
    pub(crate) fn clear(&mut self, number: usize) {
        if let Some(slot) = self.slots.get_mut(number) {
            *slot = None;
        }
    }
}

impl<T: Clone> Table<T> {
    /// The entry of a number, to change it.
    pub(crate) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.slots.get_mut(number)?.as_mut().map(Arc::make_mut)
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { slots: Vec::new() }
    }
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self {
            slots: self.slots.clone(),
        }
    }
}

impl<T> Index<usize> for Table<T> {
    type Output = T;

    /// The entry of a number that an entry of the same model holds: those are always there.
    fn index(&self, number: usize) -> &T {
        match self.get(number) {
            Some(entry) => entry,
            None => unreachable!("numbers of live entries lead to live entries"),
        }
    }
}

impl<T> From<Vec<T>> for Table<T> {
    fn from(entries: Vec<T>) -> Self {
        Self {
            slots: entries.into_iter().map(|entry| Some(Arc::new(entry))).collect(),
        }
    }
}

impl<T> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        entries.into_iter().collect::<Vec<_>>().into()
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

/// The entries of a [`Table`].
#[derive(Debug)]
pub struct Iter<'a, T> {
    slots: std::slice::Iter<'a, Option<Arc<T>>>,
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.slots.find_map(Option::as_deref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_when_entries_go() {
        let mut table: Table<char> = vec!['a', 'b', 'c'].into();
        table.clear(1);
        assert_eq!(table.iter().collect::<String>(), "ac");
        assert_eq!(table.entries().map(|(number, _)| number).collect::<Vec<_>>(), [0, 2]);
        assert_eq!((table.get(1), table[2]), (None, 'c'));
        assert_eq!(table.push('d'), 3);
    }
}
