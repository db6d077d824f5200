//! Throw-away measure.
use std::time::Instant;
use songhan_base::*; use songhan_db::*; use songhan_search::records::{self,*};
use jiff::{Timestamp,SignedDuration};
const HO:[&str;12]=["Nguyễn","Trần","Lê","Phạm","Hoàng","Huỳnh","Phan","Vũ","Võ","Đặng","Bùi","Đỗ"];
const WHO:[u32;12]=[38,12,10,7,5,5,5,4,4,4,3,3];
const DEM:[&str;10]=["Văn","Thị","Hữu","Đức","Minh","Thanh","Ngọc","Quốc","Thu","Xuân"];
const TEN:[&str;40]=["An","Anh","Bình","Châu","Chi","Cường","Dũng","Dung","Đạt","Đào","Giang","Hà","Hải","Hạnh","Hiền","Hiếu","Hoa","Hòa","Hồng","Hùng","Hương","Khánh","Lan","Linh","Long","Mai","Nam","Nga","Nhung","Phong","Phúc","Quân","Sơn","Tâm","Thảo","Thủy","Trang","Trung","Tuấn","Yến"];
const PROC:[&str;6]=["Cấp bản sao trích lục hộ tịch","Đăng ký khai sinh","Đăng ký kết hôn","Cấp giấy phép xây dựng nhà ở riêng lẻ","Đăng ký hộ kinh doanh","Giấy phép chặt hạ dịch chuyển cây xanh"];
#[tokio::main]
async fn main(){
  let n:i64=std::env::args().nth(2).unwrap().parse().unwrap();
  let url=std::env::args().nth(1).unwrap();
  let db=Db::open(&url).await.unwrap(); let env=Env::real();
  let ms=songhan_search::module().migrations.to_vec();
  migrate(&db,&env,&ms).await.unwrap();
  let (have,):(i64,)=query("SELECT count(*) FROM search_records").fetch_one(&db).await.unwrap();
  let mut st=7u64; let mut r=move|b:u32|{st=st.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);((st>>33)as u32)%b};
  let mut ho=vec![];for(h,w)in HO.iter().zip(WHO){for _ in 0..w{ho.push(*h)}}
  if have<n { let t=Instant::now(); let mut i=have; while i<n { let mut tx=db.begin(Stamp::system(&env,"m")).await.unwrap();
    for _ in 0..1000.min(n-i){ let unit=r(94); let name=format!("{} {} {}",ho[r(100)as usize],DEM[r(10)as usize],TEN[r(40)as usize]);
      let code=format!("000.{:02}.15.H17-26{:02}{:02}-{:04}",unit,1+r(12),1+r(28),i%10000); let cccd=format!("048{:03}{:06}",190+r(99),r(1000000));
      let id=env.id().to_string(); let scope=format!("u{unit}"); let p=PROC[r(6)as usize];
      records::put(&mut tx,Record{kind:"dossier",scope:&scope,reference:&id,at:Timestamp::UNIX_EPOCH+SignedDuration::from_secs(1_700_000_000+i*20),texts:&[&code,&name,&cccd,p]}).await.unwrap(); i+=1;}
    tx.commit().await.unwrap(); }
    println!("filled {} in {:?}",n-have,t.elapsed()); if std::env::args().nth(3).is_some(){db.script("ANALYZE").await.unwrap();} }
  let scopes=["u7"];
  for q in ["nguyen","nguyen van an","nguyen thi","tran xuan yen","dao","trich luc ho tich","ket hon le huu dung","261121","000.07.15.H17-261121-0001","h17 dat phong","yen khanh","048","0481912","a","nguyen tran","do yen xay dung", "zzz"] {
    for (l,s) in [("all",Scope::Everywhere),("unit",Scope::In(&scopes))] {
      let mut ts=vec![]; let mut c=0; for _ in 0..12 { let t=Instant::now(); c=records::find(&db,"dossier",s,q,None,20).await.unwrap().len(); ts.push(t.elapsed().as_micros()); }
      ts.sort(); println!("{q:30} {l:5} {c:3} hits  median {:>7} µs max {:>7}",ts[6],ts[11]); }
  }
}
